// @ts-check
/** Conducts: what is asked after connecting, what each frame changes, what is sent when. Knows no screen. */
import { ApiError, api } from "./api.js";
import { pullLast, pullNewest, pullOlder } from "./history.js";
import { isAfter, toId, toWire } from "./ids.js";
import { markSent, oldestUnsettled, queueText, settleEcho, settleFromHistory } from "./outbox.js";
import { keepOutbox, recallOutbox } from "./outbox-storage.js";
import { askOverview } from "./overview.js";
import {
  addLive,
  createRoomState,
  goStale,
  moveMark,
  newestId,
  removeMessage,
  toMessage,
  trimClosed,
  unreadCap,
} from "./room-state.js";
import { ChatSocket } from "./socket.js";

/**
 * @typedef {import("./types.d.ts").Frame} Frame
 * @typedef {import("./types.d.ts").Person} Person
 * @typedef {import("./types.d.ts").RoomState} RoomState
 * @typedef {object} Options
 * @property {Person} me
 * @property {string} deviceId
 * @property {() => void} onChange something to show has changed
 * @property {(message: string) => void} onNotice one calm line for the person
 * @property {() => void} onSignedOut the login is over
 */

const echoMs = 10_000;
const refreshMs = 15_000;
const hintMs = 300;
const regular = 1;

export class Chat {
  /** @param {Options} options */
  constructor(options) {
    this.options = options;
    this.me = options.me;
    /** One's own id as the socket tells it, with the app's key; known after the first session. */
    this.myId = "";
    this.token = "";
    /** @type {Map<string, RoomState>} */
    this.rooms = new Map();
    this.hasRooms = false;
    /** @type {Promise<void> | undefined} */
    this.refreshing = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.hintTimer = undefined;
    /** Rooms in which the system has just spoken. @type {Set<RoomState>} */
    this.hinted = new Set();
    /** The room on screen. @type {RoomState | null} */
    this.open = null;
    this.socket = new ChatSocket({
      address: () => this.openSession(),
      onFrame: (frame) => this.receive(frame),
      onState: (state) => {
        for (const room of this.rooms.values()) goStale(room);
        this.options.onChange();
        if (state === "connected") this.resume();
      },
    });
  }

  start() {
    this.socket.connect();
    this.refreshRooms();
    this.timer = setInterval(() => this.refreshIfSeen(), refreshMs);
    addEventListener("focus", this.refreshIfSeen);
    document.addEventListener("visibilitychange", this.refreshIfSeen);
  }

  stop() {
    clearInterval(this.timer);
    removeEventListener("focus", this.refreshIfSeen);
    document.removeEventListener("visibilitychange", this.refreshIfSeen);
    this.socket.stop();
  }

  refreshIfSeen = () => {
    if (document.visibilityState === "visible") this.refreshRooms();
  };

  /** I2A's second diagram, seen from the page. */
  async openSession() {
    try {
      const session = await api.openSocketSession(this.options.deviceId);
      this.myId = session.app_user_identifier;
      this.token = session.token;
      const url = new URL(session.socket_url, location.href);
      url.protocol = url.protocol.replace("http", "ws");
      url.searchParams.set("token", session.token);
      return url.href;
    } catch (error) {
      this.complain(error);
      throw error;
    }
  }

  /** The same user as the socket names them. @param {string} userId */
  fullId(userId) {
    return userId + this.myId.slice(this.me.id.length);
  }

  /** @param {unknown} error */
  complain(error) {
    if (error instanceof ApiError && error.status === 401) this.options.onSignedOut();
    else if (error instanceof ApiError && error.status > 0) this.options.onNotice(error.message);
  }

  /** Asks our own back end, the only one who knows, which rooms there are. Never twice at once. */
  refreshRooms() {
    this.refreshing ??= this.pullRooms().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  async pullRooms() {
    try {
      const infos = await api.rooms();
      const before = this.rooms;
      this.rooms = new Map();
      /** @type {RoomState[]} */
      const fresh = [];
      for (const info of infos) {
        const known = before.get(info.chat_room_identifier);
        const room = known ?? createRoomState(info, recallOutbox(info.chat_room_identifier));
        if (info.is_member && !known?.info.is_member) fresh.push(room);
        room.info = info;
        this.rooms.set(room.key, room);
      }
      if (this.open && !this.rooms.has(this.open.key)) {
        this.options.onNotice(`You are no longer in “${this.open.info.name}”.`);
        this.open = null;
      }
      this.hasRooms = true;
      this.options.onChange();
      if (this.socket.state === "connected") this.pullOverview(fresh);
    } catch (error) {
      this.complain(error);
    }
  }

  /** After every connect. Rooms that are not on screen and have nothing to send wait until they are opened. */
  async resume() {
    this.pullOverview([...this.rooms.values()]);
    for (const room of this.rooms.values()) if (room === this.open || room.outbox.length > 0) this.sync(room);
    await this.refreshRooms();
  }

  /** @param {RoomState[]} rooms */
  async pullOverview(rooms) {
    const own = rooms.filter(({ info }) => info.is_member);
    try {
      await askOverview(
        this.socket,
        own.filter(({ info }) => info.type === regular),
      );
      for (const room of own) if (room.info.type !== regular) await pullLast(this.socket, room);
    } catch {
      // A refused room shows up as an error frame, a lost connection resumes by itself.
    }
    for (const room of own) if (room.outbox.length > 0) this.sync(room);
    this.options.onChange();
  }

  /** Brings a room up to now and sends what is waiting. @param {RoomState} room @param {boolean} [givesUp] */
  async sync(room, givesUp = false) {
    if (this.socket.state !== "connected" || room.arrivals || !room.info.is_member) return;
    try {
      if (room.info.type === regular)
        this.socket
          .ask({ type: "GET_LAST_MESSAGES_READ", chat_room_identifier: room.key })
          .then(({ payload = [] }) => {
            for (const mark of payload)
              moveMark(room, mark.app_user_identifier, toId(mark.message_timestamp_identifier));
            this.options.onChange();
          })
          .catch(() => {});
      await pullNewest(this.socket, room, oldestUnsettled(room));
      if (!room.isCurrent) return;
      settleFromHistory(room, this.myId, givesUp);
      this.flush(room);
    } catch {
      // As above: told by the error frame, or tried again with the next connection.
    }
    this.options.onChange();
  }

  /** @param {RoomState} room */
  flush(room) {
    if (room.isCurrent) {
      for (const item of room.outbox) {
        const frame = { type: "ROUTABLE", chat_room_identifier: room.key, message: item.text };
        if (item.state !== "waiting" || !this.socket.send(frame)) continue;
        markSent(item, newestId(room));
        setTimeout(() => this.checkEcho(room, item), echoMs);
      }
    }
    keepOutbox(room);
  }

  /** No echo for long, on a connection that stands: asks history, and if it isn't there, says so. @param {RoomState} room @param {import("./types.d.ts").Outgoing} item */
  checkEcho(room, item) {
    const isLate = item.state === "sent" && Date.now() - item.at >= echoMs - 500;
    if (isLate && room.outbox.includes(item) && room.isCurrent) this.sync(room, true);
  }

  /** @param {RoomState} room @param {string} text @returns {boolean} false: too much is waiting already */
  say(room, text) {
    if (!queueText(room, text)) return false;
    this.flush(room);
    this.options.onChange();
    return true;
  }

  /** @param {RoomState} room @param {string} localId */
  retry(room, localId) {
    const item = room.outbox.find((candidate) => candidate.localId === localId);
    if (item) item.state = "sent";
    this.sync(room);
  }

  /** @param {RoomState} room @param {string} localId */
  discard(room, localId) {
    room.outbox = room.outbox.filter((item) => item.localId !== localId);
    keepOutbox(room);
    this.options.onChange();
  }

  /** @param {RoomState | null} room */
  show(room) {
    if (room === this.open) return;
    if (this.open) trimClosed(this.open);
    this.open = room;
    if (room && !room.isCurrent) this.sync(room);
    this.options.onChange();
  }

  /** @param {RoomState} room */
  async pullOlder(room) {
    await pullOlder(this.socket, room).catch(() => {});
    this.options.onChange();
  }

  /** Everything in the room has been seen. @param {RoomState} room */
  markRead(room) {
    const id = newestId(room);
    room.unread = 0;
    if (room.info.type !== regular || !isAfter(id, room.marks.get(this.myId) ?? "0")) return;
    const type = "SET_LAST_MESSAGE_READ";
    if (!this.socket.send({ type, chat_room_identifier: room.key, message_timestamp_identifier: toWire(id) }))
      return;
    moveMark(room, this.myId, id);
    this.options.onChange();
  }

  /** @param {Frame} frame */
  receive(frame) {
    if (frame.type === "ERROR") return this.refused(frame);
    const room = this.rooms.get(frame.chat_room_identifier ?? "");
    if (!room) {
      // A room we don't know of: somebody has just added us.
      if (frame.type === "ROUTABLE" || frame.type === "SYSTEM_ROUTABLE") this.refreshRooms();
      return;
    }
    if (frame.type === "ROUTABLE" || frame.type === "SYSTEM_ROUTABLE") this.arrived(room, frame);
    else if (frame.type === "SET_LAST_MESSAGE_READ") this.markMoved(room, frame);
    else if (frame.type === "SET_ACTIVE") this.moderated(room, frame);
    else return;
    this.options.onChange();
  }

  /** @param {RoomState} room @param {Frame} frame */
  arrived(room, frame) {
    const message = toMessage(frame);
    addLive(room, message);
    if (message.author === this.myId) {
      if (settleEcho(room, message)) keepOutbox(room);
    } else if (message.author !== null) {
      room.unread = Math.min(unreadCap, room.unread + 1);
    } else {
      this.hint(room);
    }
  }

  /**
   * The system spoke, which clients take as a hint that something about the room has changed. Many hints, one question.
   *
   * @param {RoomState} room
   */
  hint(room) {
    this.hinted.add(room);
    this.hintTimer ??= setTimeout(() => {
      this.hintTimer = undefined;
      this.refreshRooms();
      this.pullOverview([...this.hinted].filter((hinted) => hinted !== this.open));
      this.hinted.clear();
    }, hintMs);
  }

  /** @param {RoomState} room @param {Frame} frame */
  markMoved(room, frame) {
    const user = frame.app_user_identifier ?? "";
    moveMark(room, user, toId(frame.message_timestamp_identifier));
    if (user !== this.myId) return;
    // Also when another device of ours has read.
    if (!isAfter(room.lastId, room.marks.get(user) ?? "0")) room.unread = 0;
  }

  /** Moderation hid a message or shows it again. @param {RoomState} room @param {Frame} frame */
  moderated(room, frame) {
    const id = toId(frame.message_timestamp_identifier);
    if (frame.is_active === false) removeMessage(room, id);
    else {
      // It may belong anywhere, so what is held is pulled anew.
      goStale(room);
      room.messages = [];
      if (room === this.open) this.sync(room);
    }
    if (room.lastId === id || frame.is_active) this.pullOverview([room]);
  }

  /** @param {Frame} frame */
  refused({ exception }) {
    this.options.onNotice(exception?.message ?? "The chat service refused.");
    // Most likely our picture of the rooms is out of date.
    this.refreshRooms();
  }
}
