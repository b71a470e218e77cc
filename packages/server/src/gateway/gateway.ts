import type { Router } from "../core/cluster/router.ts";
import type { Core } from "../core/core.ts";
import type { NodeLease } from "../core/nodes/node-lease.ts";
import { assertMayConnect } from "../core/users/standing.ts";
import { ParlanceError } from "../errors.ts";
import { Dismissal, type TransportSocket } from "../ports/transport.ts";
import { AppGateway } from "./app-gateway.ts";
import { Connection } from "./connection.ts";
import { type DrainPlan, whenToComeBack } from "./drain.ts";
import type { FanOutStats } from "./fan-out.ts";
import { Heartbeat } from "./heartbeat.ts";
import { type InboxBounds, receiveFrame } from "./inbox.ts";
import { Outbox } from "./outbox.ts";
import type { SocketDialect, Visitor } from "./socket-dialect.ts";

export interface GatewayOptions {
  router: Router;
  lease: NodeLease;
  dialects: readonly SocketDialect[];
  heartbeatSeconds: number;
  inbox: InboxBounds;
  /** Outgoing bytes that may wait for a slow reader. */
  maxWaitingBytes: number;
  onLatency?(seconds: number): void;
  onError(error: unknown): void;
}

/** Milliseconds between looks at what nobody here hears any more. */
const retainInterval = 60_000;
/** Milliseconds; longer than a statement may take that was sent before the store failed. */
const secondLookAfter = 10_000;

/** Lets connections in, carries frames to their dialect and events to their listeners, and sees connections out. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #apps = new Map<number, AppGateway>();
  #secondLook: ReturnType<typeof setTimeout> | null = null;
  readonly #retainTimer: ReturnType<typeof setInterval>;
  readonly #heartbeat: Heartbeat;
  readonly outbox: Outbox;
  readonly stats: FanOutStats;
  readonly connections = new Set<Connection>();
  /** How everybody is being sent away; null while nobody is. */
  draining: DrainPlan | null = null;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.outbox = new Outbox(options.maxWaitingBytes);
    this.stats = { messagesDelivered: 0, ...(options.onLatency && { onLatency: options.onLatency }) };
    this.#heartbeat = new Heartbeat(options.heartbeatSeconds);
    this.#heartbeat.start();
    this.#retainTimer = setInterval(() => this.#retain(), retainInterval);
  }

  get isDraining(): boolean {
    return this.draining !== null;
  }

  async upgrade(request: Request): Promise<Connection | Response | Dismissal> {
    const path = new URL(request.url).pathname;
    const dialect = this.#options.dialects.find((candidate) => candidate.matches(path));
    if (!dialect) return new Response("No socket is served under this path.", { status: 404 });
    try {
      if (this.isDraining) throw new ParlanceError("unavailable");
      return await this.#admit(await dialect.identify(request), dialect);
    } catch (error) {
      return dialect.refuse(error, request);
    }
  }

  /** Answers a plain request to a socket's path: the refusal an upgrade would get, or a hint. Null: not our path. */
  async probe(request: Request): Promise<Response | null> {
    const path = new URL(request.url).pathname;
    if (!this.#options.dialects.some((dialect) => dialect.matches(path))) return null;
    const outcome = await this.upgrade(request);
    if (outcome instanceof Response) return outcome;
    if (!(outcome instanceof Dismissal)) this.closed(outcome);
    const headers = { upgrade: "websocket", connection: "upgrade" };
    return new Response("This is a WebSocket: connect with an upgrade request.", { status: 426, headers });
  }

  opened(connection: Connection, socket: TransportSocket): void {
    connection.socket = socket;
    if (connection.state !== "arriving") {
      socket.terminate();
      return;
    }
    connection.state = "open";
    this.connections.add(connection);
    this.#heartbeat.add(connection);
    const { app, core, dialect } = connection;
    dialect.greet?.(connection);
    // The app was deleted or switched off between the handshake's questions and its end.
    if (this.#apps.get(core.app.id) !== app) connection.close("appClosed");
    else app.welcome(connection);
    if (this.draining) connection.close("draining", whenToComeBack(this.draining));
  }

  received(connection: Connection, frame: string | Uint8Array): void {
    this.#heartbeat.heard(connection);
    receiveFrame(connection, frame, this.#options.inbox);
  }

  heard(connection: Connection): void {
    this.#heartbeat.heard(connection);
  }

  closed(connection: Connection): void {
    connection.state = "gone";
    connection.dropPending();
    this.connections.delete(connection);
    this.#heartbeat.remove(connection);
    connection.app.leave(connection);
  }

  get onlineUsers(): number {
    let users = 0;
    for (const { audience } of this.#apps.values()) users += audience.onlineUsers;
    return users;
  }

  /** Whether a user has a connection to this node. */
  isHere(appId: number, userId: string): boolean {
    return this.#apps.get(appId)?.audience.find(userId) !== undefined;
  }

  /** Ends all connections of an app that was deleted or switched off. */
  closeApp(core: Core): void {
    for (const connection of this.connections) if (connection.core === core) connection.close("appClosed");
    void this.#apps.get(core.app.id)?.close();
    this.#apps.delete(core.app.id);
  }

  /** What waits to be taken by peers, counted anew: for those who look now and then. */
  countQueuedBytes(): number {
    let bytes = this.outbox.stats.queuedBytes;
    for (const { socket } of this.connections) bytes += socket?.waitingBytes() ?? 0;
    return bytes;
  }

  /** Reads from the store what listeners may have missed, now and again when what was still on its way has arrived. */
  reconcile(): void {
    const all = () => {
      for (const app of this.#apps.values()) app.reconcile();
    };
    all();
    this.#secondLook ??= setTimeout(() => {
      this.#secondLook = null;
      all();
    }, secondLookAfter);
  }

  stop(): void {
    if (this.#secondLook) clearTimeout(this.#secondLook);
    this.#heartbeat.stop();
    clearInterval(this.#retainTimer);
    for (const app of this.#apps.values()) app.stop();
  }

  #retain(): void {
    for (const { memberships, order } of this.#apps.values()) {
      order.retain((conversationId) => memberships.isHeard(conversationId));
    }
  }

  async #admit(visitor: Visitor, dialect: SocketDialect): Promise<Connection> {
    const { core, userId, tokenHash } = visitor;
    const app = this.#appGateway(core);
    await this.#options.router.ready;
    const connection = new Connection(visitor, dialect, this.outbox, app);
    // Only where there is a limit does anybody wait for a place, and who gets none costs no more than asking.
    if (core.app.maxOnlineUsers !== null) {
      const { id, deviceId, platform, openedAt } = connection;
      await app.presence.claim({ id, deviceId, platform, openedAt, user: visitor });
    }
    connection.user = app.audience.join(userId, connection);
    try {
      // Looked up again now that a closing would be noticed: the session may have been closed in between.
      const [isOpen, state] = await Promise.all([
        tokenHash === null || app.arrivals.isSessionOpen(tokenHash),
        app.arrivals.state(userId),
        connection.user.ready,
      ]);
      if (isOpen) assertMayConnect(state, visitor);
      if (!isOpen || connection.state !== "arriving") throw new ParlanceError("sessionNotFound");
      return connection;
    } catch (error) {
      app.leave(connection);
      throw error;
    }
  }

  #appGateway(core: Core): AppGateway {
    const known = this.#apps.get(core.app.id);
    if (known) return known;
    const { router, lease, dialects, onError } = this.#options;
    const { outbox, stats } = this;
    const created = new AppGateway(core, { router, lease, dialects, outbox, stats, onError });
    this.#apps.set(core.app.id, created);
    return created;
  }
}
