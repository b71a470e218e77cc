// @ts-check
/** The open room: its head, the line about the connection, and the field to write in. */
import { byId, make, setText } from "../element.js";
import { openMessageList } from "./message-list.js";

/**
 * @typedef {import("../chat.js").Chat} Chat
 * @typedef {import("../types.d.ts").ConnectionState} ConnectionState
 * @typedef {import("../types.d.ts").Message} Message
 * @typedef {import("../types.d.ts").RoomState} RoomState
 */

/** @type {Record<ConnectionState, string>} */
export const connectionNames = {
  connecting: "Connecting…",
  connected: "Connected",
  waiting: "Reconnecting…",
  replaced: "Open elsewhere",
  stopped: "Not connected",
};

/** @param {RoomState} room */
const describePeople = ({ info }) =>
  info.members.length > 0
    ? info.members.map(({ name }) => name).join(", ")
    : `${info.member_count} ${info.member_count === 1 ? "person" : "people"} · open to everyone`;

/**
 * @param {Chat} chat
 * @param {{ onReport: (room: RoomState, message: Message) => void, notify: (text: string) => void }} actions
 */
export const openConversation = (chat, { onReport, notify }) => {
  const text = byId("text", "textarea");
  const line = byId("line", "p");
  const list = openMessageList(chat, onReport);
  /** What was begun in each room. @type {Map<string, string>} */
  const drafts = new Map();
  /** @type {RoomState | null} */
  let shown = null;

  const fitText = () => {
    text.style.height = "auto";
    text.style.height = `${text.scrollHeight + 2}px`;
  };

  const say = () => {
    const words = text.value.toWellFormed().replaceAll("\0", "").trim();
    if (!chat.open || words === "") return;
    if (!chat.say(chat.open, words)) return notify("Too many messages are waiting to be sent.");
    text.value = "";
    fitText();
    list.scrollToEnd();
  };

  text.addEventListener("input", fitText);
  text.addEventListener("keydown", (event) => {
    // On a touch keyboard Enter makes a new line; while a word is being composed it belongs to the input method.
    const isTouch = matchMedia("(pointer: coarse)").matches;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || isTouch) return;
    event.preventDefault();
    say();
  });
  byId("composer", "form").addEventListener("submit", (event) => {
    event.preventDefault();
    say();
    text.focus();
  });

  /** What to say about the connection; null when all is well. */
  const lineText = () => {
    const { state } = chat.socket;
    if (state === "waiting") return "Reconnecting… What you write is sent as soon as the line is back.";
    if (state === "replaced") return "This chat went on in another window.";
    return null;
  };
  const useHere = make("button", { onclick: () => chat.socket.connect() }, "Use it here");

  const renderLine = () => {
    const says = lineText();
    line.hidden = says === null;
    const isReplaced = chat.socket.state === "replaced";
    if (line.firstChild?.textContent !== says)
      line.replaceChildren(says ?? "", ...(isReplaced ? [useHere] : []));
  };

  return () => {
    const room = chat.open;
    byId("no-room").hidden = room !== null;
    byId("room").hidden = room === null;
    if (room !== shown) {
      if (shown) drafts.set(shown.key, text.value);
      text.value = room ? (drafts.get(room.key) ?? "") : "";
      shown = room;
    }
    if (room) {
      setText(byId("room-name"), room.info.name);
      setText(byId("room-people"), describePeople(room));
      renderLine();
    }
    list.render();
    if (room) fitText();
  };
};
