import { Avatar } from "../avatar.tsx";
import { IconButton } from "../icons.tsx";
import { useWords } from "../language.ts";
import { useSession, useStatus } from "../session/use-session.ts";

interface OwnBarProps {
  isFlying: boolean;
  onFly(): void;
  onNew(): void;
  onSignOut(): void;
  onLanguage(): void;
}

export function OwnBar({ isFlying, onFly, onNew, onSignOut, onLanguage }: OwnBarProps) {
  const words = useWords();
  const { client, name } = useSession();
  const status = useStatus();
  const sentences = {
    online: words.online,
    connecting: words.connecting,
    offline: words.waiting,
    stopped: words.stopped,
  };
  return (
    <header className="bar">
      <Avatar id={client.userId} name={name} />
      <div className="grow">
        <strong className="ellipsis">{name}</strong>
        <span className="status ellipsis" role="status" data-status={status}>
          {isFlying ? words.airplaneMode : sentences[status]}
        </span>
      </div>
      <IconButton icon="plane" label={words.airplaneMode} isPressed={isFlying} onClick={onFly} />
      <IconButton icon="plus" label={words.newConversation} onClick={onNew} />
      <button type="button" className="icon-button language" onClick={onLanguage}>
        {words.otherLanguage === "中文" ? "中" : "EN"}
        <span className="visually-hidden">{words.otherLanguage}</span>
      </button>
      <IconButton icon="out" label={words.signOut} onClick={onSignOut} />
    </header>
  );
}
