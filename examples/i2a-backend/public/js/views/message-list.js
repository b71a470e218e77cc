// @ts-check
/** The messages of the open room: renders what changed, and keeps the place where somebody is reading. */
import { byId, make, setChildren, setText } from "../element.js";
import { toDate } from "../ids.js";
import { readersByMessage } from "../room-state.js";
import { dayKey, dayName } from "../times.js";
import { dayItem, otherItem, outgoingItem, ownItem, readByText, systemItem } from "./message-item.js";

/**
 * @typedef {import("../chat.js").Chat} Chat
 * @typedef {import("../types.d.ts").Message} Message
 * @typedef {import("../types.d.ts").RoomState} RoomState
 */

const groupMs = 5 * 60_000;
const nearEnd = 60;
const nearStart = 300;

/** @param {Chat} chat @param {(room: RoomState, message: Message) => void} onReport */
export const openMessageList = (chat, onReport) => {
  const log = byId("log");
  const list = byId("messages", "ol");
  const toEnd = byId("to-end", "button");
  /** Elements by what they show, for the room on screen only. @type {Map<string, any>} */
  let items = new Map();
  /** @type {RoomState | null} */
  let shown = null;
  let isAtEnd = true;
  let lastSeen = "";
  let isPulling = false;

  /** @template Item @param {Map<string, any>} next @param {string} key @param {() => Item} create @returns {Item} */
  const keep = (next, key, create) => {
    const item = items.get(key) ?? create();
    next.set(key, item);
    return item;
  };

  /** @param {RoomState} room @param {Map<string, any>} next @returns {Element[]} */
  const messageItems = (room, next) => {
    const readers = readersByMessage(room, chat.myId);
    const names = new Map(room.info.members.map((person) => [chat.fullId(person.id), person.name]));
    /** @type {Element[]} */
    const children = [];
    /** @type {Message | undefined} */
    let previous;
    for (const message of room.messages) {
      const date = toDate(message.id);
      const day = dayKey(date);
      const isNewDay = !previous || dayKey(toDate(previous.id)) !== day;
      if (isNewDay) children.push(keep(next, `day ${day}`, () => dayItem(dayName(date))));
      const isFirst =
        isNewDay ||
        previous?.author !== message.author ||
        date.getTime() - toDate(previous.id).getTime() > groupMs;
      previous = message;
      children.push(
        keep(next, `${message.id} ${isFirst}`, () => {
          if (message.author === null) return systemItem(message);
          if (message.author === chat.myId) return ownItem(message, isFirst);
          return otherItem(message, isFirst, (reported) => onReport(room, reported));
        }),
      );
      const read = (readers.get(message.id) ?? []).flatMap((user) => names.get(user) ?? []);
      if (read.length === 0) continue;
      // One element a message; its text changes when others catch up.
      const item = keep(next, `read ${message.id}`, () => make("li", { className: "read-by" }));
      setText(item, readByText(read.sort()));
      children.push(item);
    }
    return children;
  };

  const outgoingActions = {
    onRetry: (/** @type {string} */ id) => shown && chat.retry(shown, id),
    onDiscard: (/** @type {string} */ id) => shown && chat.discard(shown, id),
  };

  /** @param {RoomState} room @param {Map<string, any>} next */
  const outgoingItems = (room, next) =>
    room.outbox.map((outgoing) => {
      const view = keep(next, outgoing.localId, () => outgoingItem(outgoing, outgoingActions));
      view.update(outgoing, chat.socket.state === "connected");
      return view.item;
    });

  const scrollToEnd = () => {
    log.scrollTop = log.scrollHeight;
    isAtEnd = true;
  };

  /** Reads to the end, as long as the end is on screen and somebody may look at it. */
  const markSeen = () => {
    if (!shown?.isCurrent || !isAtEnd || document.visibilityState !== "visible") return;
    if (log.offsetParent === null) return;
    chat.markRead(shown);
    lastSeen = shown.messages.at(-1)?.id ?? "";
  };

  const pullOlder = async () => {
    if (!shown?.isCurrent || shown.hasStart || isPulling || log.scrollTop > nearStart) return;
    isPulling = true;
    await chat.pullOlder(shown);
    isPulling = false;
  };

  log.addEventListener("scroll", () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < nearEnd;
    toEnd.hidden = isAtEnd;
    if (isAtEnd) markSeen();
    pullOlder();
  });
  toEnd.addEventListener("click", scrollToEnd);
  document.addEventListener("visibilitychange", markSeen);
  // A keyboard that opens, or a growing field, must not push the newest message out of sight.
  new ResizeObserver(() => isAtEnd && scrollToEnd()).observe(log);

  return {
    scrollToEnd,
    render() {
      const room = chat.open;
      const isOther = room !== shown;
      if (isOther) {
        shown = room;
        items = new Map();
        isAtEnd = true;
        lastSeen = room?.messages.at(-1)?.id ?? "";
      }
      if (!room) return;
      const next = new Map();
      const children = [...messageItems(room, next), ...outgoingItems(room, next)];
      const oldest = room.messages[0];
      const anchor = list.querySelector("[data-id]");
      const isOlder = oldest !== undefined && anchor?.getAttribute("data-id") !== oldest.id;
      // Screen readers shall hear what is new, not what is loaded from before.
      log.ariaLive = isOther || isOlder || !room.isCurrent ? "off" : "polite";
      const fromEnd = log.scrollHeight - log.scrollTop;
      setChildren(list, children);
      items = next;
      const start = byId("log-start");
      start.hidden = !room.hasStart;
      setText(start, `This is the beginning of “${room.info.name}”.`);
      if (isAtEnd) scrollToEnd();
      else if (isOlder) log.scrollTop = log.scrollHeight - fromEnd;
      const fresh = room.messages.filter(({ id, author }) => id > lastSeen && author !== chat.myId).length;
      setText(toEnd.lastElementChild ?? toEnd, fresh > 0 && !isAtEnd ? `${fresh} new` : "");
      toEnd.hidden = isAtEnd;
      markSeen();
      if (!isPulling) pullOlder();
    },
  };
};
