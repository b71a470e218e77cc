import { connect } from "@parlance/client";

const given = new URLSearchParams(location.search);
const client = await connect({ url: given.get("url"), userId: "ann", token: () => given.get("token") });
const ben = client.direct("ben");
const list = document.querySelector("ol");

const show = () => {
  const items = ben.messages.map(({ from, content }) => {
    const item = document.createElement("li");
    item.textContent = `${from}: ${content.text}`;
    return item;
  });
  list.replaceChildren(...items);
};
ben.on("messages", show);
await ben.open();
show();
const button = document.querySelector("button");
button.onclick = () => ben.send("Hello from a page");
button.disabled = false;
