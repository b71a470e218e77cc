import type { Core } from "../core/core.ts";
import type { CoreEvent } from "../core/events.ts";
import type { PresenceState } from "../core/presence/online-users.ts";
import type { Millis } from "../ports/store.ts";
import type { Dismissal, OutgoingFrame } from "../ports/transport.ts";
import type { AppGateway } from "./app-gateway.ts";
import type { CloseReason, Farewell } from "./close-reasons.ts";
import type { Connection } from "./connection.ts";

/** Who asks to connect. */
export interface Visitor {
  core: Core;
  userId: string;
  deviceId: string;
  /** Of the session; null: they came with a token that no session is kept of. */
  tokenHash: string | null;
  /** When what they came with was issued; absent: nobody asks. */
  issuedAt?: Millis;
  /** What kind of device it is, for those who watch; a short text. */
  platform?: string;
  /** The form of the dialect that was agreed on, where there are several; absent: the dialect itself. */
  speaks?: SocketDialect;
  subprotocol?: string | null;
}

/** What one kind of client sees on its socket. The gateway does the rest. */
export interface SocketDialect {
  readonly name: string;
  /** Paths of the upgrade request that this dialect answers. */
  matches(path: string): boolean;
  /** Finds out who connects; throws a `ParlanceError` when they may not. */
  identify(request: Request): Promise<Visitor>;
  /** What answers an upgrade that is refused. */
  refuse(error: unknown, request: Request): Response | Dismissal;
  /** The connection is open, and nothing was sent on it yet. */
  greet?(connection: Connection): void;
  /** Handles one frame. A promise holds back the connection's next frames until it settles; it must not reject. */
  receive(connection: Connection, frame: string | Uint8Array): Promise<void> | undefined;
  /**
   * Says of a frame that it was one too many, and when another is taken. Absent: the connection ends with the first one.
   */
  decline?(connection: Connection, frame: string | Uint8Array, retryAfterMs: number): void;
  /**
   * Frames that tell a listener of the event; called once per event, not per listener. With a user, frames for that one
   * alone.
   */
  encode(core: Core, event: CoreEvent, userId: string | null): readonly OutgoingFrame[];
  /** Whether this user sees the event otherwise than the rest; absent: nobody does. */
  isSeenOtherwise?(event: CoreEvent, userId: string): boolean;
  /**
   * What listeners are to be told besides, where that takes a look into the store. Called once per event, after memberships
   * are as it says; must not throw.
   */
  hear?(app: AppGateway, event: CoreEvent): void;
  /** Events of the app may have been lost before now: what only they would have told has to be told otherwise. */
  missed?(app: AppGateway): void;
  /** Frames that tell of users whom this connection watches. Absent: this dialect's clients can't watch. */
  encodePresence?(core: Core, states: readonly PresenceState[]): Iterable<OutgoingFrame>;
  /** Last frames before the connection is ended for this reason. */
  lastFrames?(reason: CloseReason): readonly OutgoingFrame[];
  /** Code and text of the close frame, which may say when to come back; absent: the table's. */
  farewell?(reason: CloseReason, retryAfterMs?: number): Farewell | undefined;
}
