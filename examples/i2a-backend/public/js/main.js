// @ts-check
/** Puts the page together: signing in and out, which room is on screen, and when to draw. */
import { ApiError, api, forgetToken, hasToken } from "./api.js";
import { Chat } from "./chat.js";
import { byId, dressAvatar, setText } from "./element.js";
import { followViewport } from "./viewport.js";
import { connectionNames, openConversation } from "./views/conversation.js";
import { openLogin } from "./views/login.js";
import { openNewRoomDialog } from "./views/new-room-dialog.js";
import { openReportDialog } from "./views/report-dialog.js";
import { openRoomDialog } from "./views/room-dialog.js";
import { openRoomList } from "./views/room-list.js";

/** @typedef {import("./types.d.ts").Person} Person */

const noticeMs = 6_000;

/** Each tab is a device of its own: two tabs can be two people, or one person twice. */
const deviceId = () => {
  const name = "parlance-demo-device";
  const known = sessionStorage.getItem(name);
  if (known) return known;
  const fresh = `browser-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
  sessionStorage.setItem(name, fresh);
  return fresh;
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let noticeTimer;
const notify = (/** @type {string} */ text) => {
  const notice = byId("notice");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => {
    notice.hidden = true;
  }, noticeMs);
};

const isWide = () => matchMedia("(min-width: 720px)").matches;

/** Everything that was begun starts over with the page, so nothing of one person is left for the next. */
const signOut = () => {
  sessionStorage.clear();
  location.hash = "";
  location.reload();
};

/** @param {Person} me */
const run = (me) => {
  const chat = new Chat({
    me,
    deviceId: deviceId(),
    onChange: () => schedule(),
    onNotice: notify,
    onSignedOut: signOut,
  });

  /** The address says which room is open, so that the browser's own way back works. */
  const follow = () => {
    const id = Number(/^#room-(\d+)$/.exec(location.hash)?.[1] ?? 0);
    const room = [...chat.rooms.values()].find(({ info }) => info.id === id && info.is_member) ?? null;
    const hasChanged = room !== chat.open;
    chat.show(room);
    byId("app").dataset.view = room ? "room" : "list";
    return hasChanged;
  };

  /** @param {number} id */
  const openRoom = async (id) => {
    await chat.refreshRooms();
    location.hash = `#room-${id}`;
    follow();
  };

  const drawList = openRoomList(chat, {
    join: (room) =>
      api
        .join(room.info.id)
        .then(() => openRoom(room.info.id))
        .catch((error) => chat.complain(error)),
  });
  const drawConversation = openConversation(chat, { onReport: openReportDialog(notify), notify });

  const draw = () => {
    isScheduled = false;
    if (chat.hasRooms) follow();
    setText(byId("connection"), connectionNames[chat.socket.state]);
    byId("connection").dataset.state = chat.socket.state;
    drawList();
    drawConversation();
  };
  let isScheduled = false;
  // A hidden tab gets no animation frames, but its title still counts what is unread.
  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    if (document.visibilityState === "visible") requestAnimationFrame(draw);
    else setTimeout(draw, 200);
  };

  byId("login").hidden = true;
  byId("app").hidden = false;
  setText(byId("my-name"), me.name);
  dressAvatar(byId("my-avatar", "span"), me);
  byId("new-room").onclick = openNewRoomDialog(openRoom);
  byId("room-menu").onclick = openRoomDialog(chat);
  byId("back").onclick = () => {
    location.hash = "";
  };
  byId("sign-out").onclick = async () => {
    chat.stop();
    await api.logout(chat.token);
    signOut();
  };
  addEventListener("hashchange", () => {
    const hasChanged = follow();
    draw();
    if (!hasChanged) return;
    // Whoever uses a keyboard goes on where they went to.
    if (chat.open) byId(isWide() ? "text" : "room-name").focus();
    else byId("rooms").querySelector("a")?.focus();
  });

  chat.start();
  chat.refreshRooms().then(() => {
    const first = [...chat.rooms.values()].find(({ info }) => info.is_member && info.type === 1);
    if (!chat.open && location.hash === "" && isWide() && first) location.hash = `#room-${first.info.id}`;
  });
};

const start = async () => {
  followViewport();
  if (hasToken()) {
    try {
      return run(await api.me());
    } catch (error) {
      if (!(error instanceof ApiError) || error.status === 0 || error.status >= 500) {
        // The server is away, the login may well be good: try again.
        setTimeout(start, 2_000);
        return;
      }
      forgetToken();
    }
  }
  byId("login").hidden = false;
  openLogin(run);
};

start();
