// @ts-check
/** The list of rooms: the newest on top, each with its last message and how many are unread. */
import { avatar, byId, dressAvatar, make, setChildren, setText } from "../element.js";
import { compareIds, toDate } from "../ids.js";
import { unreadCap } from "../room-state.js";
import { shortTime } from "../times.js";

/**
 * @typedef {import("../chat.js").Chat} Chat
 * @typedef {import("../types.d.ts").RoomState} RoomState
 * @typedef {{ item: HTMLLIElement, update: (room: RoomState, isOpen: boolean) => void }} Row
 */

/** A hue of a room's own, from its name. @param {RoomState} room */
const faceOf = ({ info }) => ({
  initials: [...info.name][0]?.toUpperCase() ?? "?",
  hue: (info.id * 137.508 + 40) % 360,
});

export const showCount = (/** @type {number} */ count) => (count >= unreadCap ? "99+" : String(count));

/** @returns {Row} */
const makeRow = () => {
  const face = avatar({ initials: "", hue: 0 });
  const name = make("strong", { className: "ellipsis" });
  const time = make("time");
  const last = make("span", { className: "ellipsis subtle" });
  const badge = make("span", { className: "badge" });
  const link = make(
    "a",
    {},
    face,
    make(
      "span",
      { className: "grow" },
      make("span", { className: "top" }, name, time),
      make("span", { className: "bottom" }, last, badge),
    ),
  );
  return {
    item: make("li", {}, link),
    update(room, isOpen) {
      link.href = `#room-${room.info.id}`;
      if (isOpen) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
      dressAvatar(face, faceOf(room));
      setText(name, room.info.name);
      setText(time, room.lastId === "0" ? "" : shortTime(toDate(room.lastId)));
      setText(last, room.lastText.slice(0, 200) || "No messages yet");
      badge.hidden = room.unread === 0;
      setText(badge, showCount(room.unread));
      badge.setAttribute("aria-label", `${showCount(room.unread)} unread`);
    },
  };
};

/** @param {Chat} chat @param {{ join: (room: RoomState) => void }} actions */
export const openRoomList = (chat, { join }) => {
  /** @type {Map<string, Row>} */
  const rows = new Map();
  /** @type {Map<string, HTMLLIElement>} */
  const openRows = new Map();

  /** @param {RoomState} room */
  const openRow = (room) => {
    const known = openRows.get(room.key);
    if (known) return known;
    const item = make(
      "li",
      { className: "open" },
      avatar(faceOf(room)),
      make("strong", { className: "ellipsis grow" }, room.info.name),
      make("button", { onclick: () => join(room), "aria-label": `Join ${room.info.name}` }, "Join"),
    );
    openRows.set(room.key, item);
    return item;
  };

  return () => {
    const all = [...chat.rooms.values()];
    const own = all.filter(({ info }) => info.is_member);
    own.sort((a, b) => compareIds(b.lastId, a.lastId) || a.info.id - b.info.id);
    setChildren(
      byId("rooms"),
      own.map((room) => {
        const row = rows.get(room.key) ?? makeRow();
        rows.set(room.key, row);
        row.update(room, room === chat.open);
        return row.item;
      }),
    );
    const others = all.filter(({ info }) => !info.is_member);
    setChildren(byId("open-rooms"), others.map(openRow));
    byId("open-rooms-section").hidden = others.length === 0;

    const unread = own.reduce((sum, room) => sum + room.unread, 0);
    document.title = unread > 0 ? `(${showCount(unread)}) Parlance demo` : "Parlance demo";
  };
};
