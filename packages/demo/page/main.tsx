import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./styles/base.css";
import "./styles/avatar.css";
import "./styles/layout.css";
import "./styles/list.css";
import "./styles/log.css";
import "./styles/composer.css";
import "./styles/chatroom.css";
import "./styles/dialog.css";

createRoot(document.getElementById("root") as HTMLElement).render(<App />);
