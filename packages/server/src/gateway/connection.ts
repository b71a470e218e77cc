import type { Core } from "../core/core.ts";
import type { OnlineUser } from "../core/presence/online-user.ts";
import { nodeClock } from "../ports/store-presence.ts";
import type { OutgoingFrame, TransportGuest, TransportSocket } from "../ports/transport.ts";
import type { AppGateway } from "./app-gateway.ts";
import { type CloseReason, defaultFarewell } from "./close-reasons.ts";
import type { Outbox } from "./outbox.ts";
import type { OwnEchoes } from "./own-echoes.ts";
import type { SocketDialect, Visitor } from "./socket-dialect.ts";

let made = 0;

/** `arriving` until the handshake is done, `leaving` from our close frame on. */
type State = "arriving" | "open" | "leaving" | "gone";

/** One device's connection. Kept small: there are many, and most are idle. */
export class Connection implements TransportGuest {
  /** Rising and unique within the node. */
  readonly id = ++made;
  readonly openedAt = nodeClock();
  readonly core: Core;
  readonly dialect: SocketDialect;
  readonly deviceId: string;
  readonly platform: string;
  readonly subprotocol: string | null;
  readonly tokenHash: string | null;
  readonly #outbox: Outbox;
  readonly app: AppGateway;
  user!: OnlineUser<Connection>;
  socket: TransportSocket | null = null;
  state: State = "arriving";
  /** Frames to write at the end of this turn of the loop, and their length. */
  pending: OutgoingFrame[] = noFrames;
  pendingSize = 0;
  /** When the peer was last heard, in the heartbeat's seconds. */
  heardAt = 0;
  heartbeatSlice = 0;
  /** The heartbeat saw it leaving once. */
  wasAskedToLeave = false;
  /** Frames received since `windowStart` (milliseconds). */
  windowStart = 0;
  framesInWindow = 0;
  /** Frames that wait while an earlier one is being answered. */
  inbox: (string | Uint8Array)[] | null = null;
  inboxBytes = 0;
  /** Settles when the frames in the inbox are answered. */
  answering: Promise<void> | null = null;
  /** Takes no more frames; it is about to be closed. */
  isDeaf = false;
  /** Own messages that came as echoes alone; null: there were none. */
  echoes: OwnEchoes | null = null;
  /** The last send that isn't on disk yet. */
  lastAppend: Promise<unknown> | null = null;

  constructor(visitor: Visitor, dialect: SocketDialect, outbox: Outbox, app: AppGateway) {
    this.app = app;
    this.core = visitor.core;
    this.deviceId = visitor.deviceId;
    this.platform = visitor.platform ?? "";
    this.tokenHash = visitor.tokenHash;
    this.dialect = visitor.speaks ?? dialect;
    this.subprotocol = visitor.subprotocol ?? null;
    this.#outbox = outbox;
  }

  /** Queues a frame for this connection alone. */
  send(frame: OutgoingFrame): void {
    this.#outbox.add(this, [frame], frame.length);
  }

  /** Runs after this connection's sends so far are on disk: a reader sees what it wrote. */
  async afterAppends(): Promise<void> {
    await this.lastAppend?.catch(() => {});
  }

  /**
   * Whether the user is a member, if need be by asking the store: who was added on another node a moment ago must not
   * be refused here because the event is still on its way.
   */
  async confirmMembership(conversationId: number): Promise<boolean> {
    const { userId } = this.user;
    if (this.user.isMemberOf(conversationId)) return true;
    if (!(await this.core.store.isMember(conversationId, userId))) return false;
    await this.app.memberships.learn(userId, conversationId);
    return true;
  }

  trackAppend(append: Promise<unknown>): void {
    this.lastAppend = append;
    const settle = () => {
      if (this.lastAppend === append) this.lastAppend = null;
    };
    append.then(settle, settle);
  }

  /** Takes no more frames, answers those that came, waits until what they sent is on disk and echoed, then closes. */
  async closeInOrder(reason: CloseReason, retryAfterMs?: number): Promise<void> {
    if (this.isDeaf) return;
    this.isDeaf = true;
    await this.answering;
    await this.afterAppends();
    this.close(reason, retryAfterMs);
  }

  /** Forgets frames that wait to be answered: what comes behind a fatal one. */
  dropInbox(): void {
    this.inbox?.splice(0);
    this.inboxBytes = 0;
  }

  /** Writes what is queued, says why and, if that is known, when to come back, and closes. */
  close(reason: CloseReason, retryAfterMs?: number): void {
    if (this.state !== "open" || !this.socket) {
      if (this.state === "arriving") this.state = "leaving";
      return;
    }
    if (reason === "slowReader") this.dropPending();
    for (const frame of this.dialect.lastFrames?.(reason) ?? []) this.send(frame);
    this.#outbox.flushNow(this);
    this.state = "leaving";
    const { code, text } =
      this.dialect.farewell?.(reason, retryAfterMs) ?? defaultFarewell(reason, retryAfterMs);
    this.socket.close(code, text);
  }

  dropPending(): void {
    this.pending = noFrames;
    this.pendingSize = 0;
  }
}

/** Shared by all idle connections, never written to. */
export const noFrames: OutgoingFrame[] = [];
