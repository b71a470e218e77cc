import type { Core } from "../core/core.ts";
import type { CoreEvent } from "../core/events.ts";
import type { PresenceState } from "../core/presence/online-users.ts";
import type { CloseReason, Farewell } from "./close-reasons.ts";
import type { Connection } from "./connection.ts";

/** Who asks to connect. */
export interface Visitor {
  core: Core;
  userId: string;
  deviceId: string;
  tokenHash: string;
  /** What kind of device it is, for those who watch; a short text. */
  platform?: string;
}

/** What one kind of client sees on its socket. The gateway does the rest. */
export interface SocketDialect {
  readonly name: string;
  /** Paths of the upgrade request that this dialect answers. */
  matches(path: string): boolean;
  /** Finds out who connects; throws a `ParlanceError` when they may not. */
  identify(request: Request): Promise<Visitor>;
  /** The response to an upgrade that is refused. */
  refuse(error: unknown): Response;
  /** Handles one frame. A promise holds back the connection's next frames until it settles; it must not reject. */
  receive(connection: Connection, frame: string | Uint8Array): Promise<void> | undefined;
  /** Frames that tell a listener of the event; called once per event, not per listener. */
  encode(core: Core, event: CoreEvent): readonly string[];
  /** Frames that tell of users whom this connection watches. Absent: this dialect's clients can't watch. */
  encodePresence?(core: Core, states: readonly PresenceState[]): readonly string[];
  /** Last frames before the connection is ended for this reason. */
  lastFrames?(reason: CloseReason): readonly string[];
  /** Code and text of the close frame; absent: the table's. */
  farewell?(reason: CloseReason): Farewell | undefined;
}
