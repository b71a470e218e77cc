/** The one place of assembly: settings, adapters, core, dialects. */

import { hostname } from "node:os";
import manifest from "../package.json" with { type: "json" };
import { lockDataFolder } from "./adapters/data-folder-lock.ts";
import { openBus } from "./adapters/open-bus.ts";
import { isEmbedded, openStore } from "./adapters/open-store.ts";
import { createLogProvider } from "./adapters/push-log/log-provider.ts";
import { listenBun } from "./adapters/transport-bun/listen.ts";
import type { Config } from "./config.ts";
import { AppRegistry } from "./core/apps/app-registry.ts";
import { declareApps } from "./core/apps/declare-apps.ts";
import { startSettling } from "./core/chatrooms/settle.ts";
import { createRouter } from "./core/cluster/router.ts";
import { createCore } from "./core/create-core.ts";
import { createNodeId } from "./core/nodes/node-id.ts";
import { NodeLease } from "./core/nodes/node-lease.ts";
import { startPurge } from "./core/purge.ts";
import { Pusher } from "./core/push/pusher.ts";
import { startRetention } from "./core/retention.ts";
import { startErasing } from "./core/users/erase.ts";
import { i2aApi } from "./dialects/i2a/api.ts";
import { createServerToServer } from "./dialects/i2a/server-to-server.ts";
import { createI2aSocket } from "./dialects/i2a/socket/i2a-socket.ts";
import { createNativeSocket } from "./dialects/native/native-socket.ts";
import { rongcloudApi } from "./dialects/rongcloud/api.ts";
import { createLogDownload } from "./dialects/rongcloud/message-log/download.ts";
import { createRongcloudHandler } from "./dialects/rongcloud/serve.ts";
import { StartRefused } from "./errors.ts";
import type { Connection } from "./gateway/connection.ts";
import { drainConnections } from "./gateway/drain.ts";
import { Gateway } from "./gateway/gateway.ts";
import { createLogger, type Logger } from "./observe/logger.ts";
import { createMetrics } from "./observe/metrics.ts";
import { type Demo, ensureDemoApp, openDemo } from "./service/demo.ts";
import { createPages } from "./service/pages.ts";

export interface RunningServer {
  url: string;
  port: number;
  /** Finishes what was accepted, sends everybody away, and stops; within the drain time of the settings. */
  drain(): Promise<void>;
  /** Ends every connection at once; what was accepted is still stored. */
  stop(): Promise<void>;
}

export interface StartOptions {
  logger?: Logger;
  /** Whether others like this one listen on the same port. */
  sharesPort?: boolean;
}

export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const logger = options.logger ?? createLogger(config);
  /** What has been opened, in order; it is closed in the opposite one. */
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (let close = closers.pop(); close; close = closers.pop()) await close();
  };
  try {
    return await assemble(config, logger, options.sharesPort ?? false, closers, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(
  config: Config,
  logger: Logger,
  sharesPort: boolean,
  closers: (() => unknown)[],
  closeAll: () => Promise<void>,
): Promise<RunningServer> {
  const fail = (what: string) => (error: unknown) => logger.error({ error }, what);
  const metrics = createMetrics();
  /** Known to what is opened before it. */
  let opened: Gateway | null = null;
  if (isEmbedded(config)) closers.push(lockDataFolder(config.dataDir));
  const stats = {
    onCommit(writes: number, seconds: number) {
      metrics.observe("append_batch_size", writes);
      metrics.observe("append_commit_seconds", seconds);
    },
  };
  const store = await openStore(config, stats, (error) => {
    fail("the store failed")(error);
    // What it did before it failed may have been stored without anybody being told.
    opened?.reconcile();
  });
  closers.push(() => store.close());
  await declareApps(store.apps, config.apps).catch((error: Error) => {
    throw new StartRefused(`PARLANCE_APPS: ${error.message}`);
  });
  const demoApp = config.demo ? await ensureDemoApp(store.apps) : null;

  const bus = await openBus(config, {
    onHandlerError: fail("event handler failed"),
    onFailure: fail("the bus failed"),
  });
  closers.push(() => bus.close());
  const nodeId = createNodeId();
  const router = createRouter({
    bus,
    nodeId,
    largeListeners: config.largeConversationListeners,
    mostKeys: config.interestKeys,
    onError: fail("event handler failed"),
  });
  closers.push(() => router.stop());
  await router.ready;
  const limits = { memberIdsPerCall: config.membersPerCall, messageBytes: config.messageBytes };
  const pusher: Pusher = new Pusher({
    store,
    provider: createLogProvider((push) => logger.debug({ push }, "notification")),
    coreOf: (appId) => apps.byId(appId),
    isHere: (appId, userId) => opened?.isHere(appId, userId) ?? false,
    onError: fail("people could not be notified"),
  });
  const apps: AppRegistry = new AppRegistry({
    store,
    createCore: (app) =>
      createCore(app, {
        store,
        router,
        limits,
        pushes: pusher,
        chatrooms: {
          areMadeByJoining: config.chatroomsByJoining,
          perUser: config.chatroomsPerUser,
          messages: config.chatroomMessages,
        },
        logFor: ({ key }) => logger.child({ app: key }),
        onPublished(event) {
          if (event.kind === "messageSent") metrics.counts.messages_accepted++;
        },
      }),
    onClosed: (core) => opened?.closeApp(core),
    onError: fail("the apps could not be read"),
  });
  const onRefused = (code: string) => metrics.count("refused_requests", code);
  const lease = new NodeLease({
    nodes: store.nodes,
    facts: {
      nodeId,
      address: `${hostname()}:${config.port}`,
      version: manifest.version,
    },
    duration: config.leaseSeconds * 1000,
    // The data folder is locked for this process.
    isAlone: isEmbedded(config),
    onError: fail("the lease of this node could not be renewed"),
  });
  await lease.start();
  closers.push(() => lease.stop());
  const gateway = new Gateway({
    router,
    lease,
    dialects: [
      createI2aSocket({ apps, onRefused, onError: fail("frame failed") }),
      createNativeSocket({ ...config, apps, onRefused, onError: fail("frame failed") }),
    ],
    heartbeatSeconds: config.heartbeatSeconds,
    inbox: { framesPerMinute: config.framesPerMinute, maxBytes: config.queueBytes },
    maxWaitingBytes: config.queueBytes,
    onLatency: (seconds) => metrics.observe("fan_out_seconds", seconds),
    onError: fail("the store could not be asked what was missed, or told who is online"),
  });
  opened = gateway;
  closers.push(() => gateway.stop());
  metrics.watch("bus_connected", () => (bus.stats?.isConnected === false ? 0 : 1));
  metrics.watch("bus_sent_messages", () => bus.stats?.sentMessages ?? 0);
  metrics.watch("bus_received_messages", () => bus.stats?.receivedMessages ?? 0);
  metrics.watch("bus_dropped_messages", () => bus.stats?.droppedMessages ?? 0);
  metrics.watch("bus_gaps", () => bus.stats?.gaps ?? 0);
  metrics.watch("routed_events", () => router.stats.routedEvents);
  metrics.watch("flooded_events", () => router.stats.floodedEvents);
  metrics.watch("large_conversation_events", () => router.stats.largeEvents);
  metrics.watch("large_conversations", () => router.stats.largeSubjects);
  metrics.watch("heard_events", () => router.stats.heardEvents);
  metrics.watch("known_nodes", () => router.stats.peers);
  metrics.watch("interest_keys", () => router.stats.interestKeys);
  metrics.watch("peer_interest_bytes", () => router.stats.peerInterestBytes);
  metrics.watch("rechecks", () => router.stats.rechecks);
  metrics.watch("pushes_sent", () => pusher.stats.sent);
  metrics.watch("pushes_failed", () => pusher.stats.failed);
  metrics.watch("push_messages_waiting", () => pusher.stats.waiting);
  metrics.watch("push_messages_done", () => pusher.stats.done);
  metrics.watch("connections", () => gateway.connections.size);
  metrics.watch("online_users", () => gateway.onlineUsers);
  metrics.watch("queue_bytes", () => gateway.countQueuedBytes());
  metrics.watch("messages_delivered", () => gateway.stats.messagesDelivered);
  metrics.watch("frames_delivered", () => gateway.outbox.stats.framesWritten);
  // Before anybody can ask: who comes early must not be told that their secret or token is unknown.
  await apps.start();
  closers.push(() => apps.stop());
  pusher.start();
  closers.push(() => pusher.stop());
  closers.push(startPurge(store, fail("rows could not be removed")));
  closers.push(
    startSettling({
      store,
      coreOf: (appId) => apps.byId(appId),
      grace: config.chatroomGraceSeconds * 1000,
      onError: fail("chatrooms could not be settled"),
    }),
  );
  closers.push(
    startErasing({
      store,
      coreOf: (appId) => apps.byId(appId),
      onError: fail("users who were deactivated could not be erased"),
    }),
  );
  closers.push(startRetention(store, fail("old messages could not be removed")));

  let demo: Demo | null = null;
  let isRunning = false;
  const onFailure = (error: unknown, requestId: string) => logger.error({ error, requestId }, "call failed");
  const answer = createPages({
    handlers: [
      createServerToServer({
        apps,
        limits: { bodyBytes: config.bodyBytes, perSecond: config.requestsPerSecond },
        onAnswer: (status) => metrics.count("http_requests", status),
        onRefused,
        onFailure,
      }),
      createLogDownload({ apps, onFailure: fail("an hour of the message log could not be sent") }),
      createRongcloudHandler({
        apps,
        rateFactor: config.rateFactor,
        nodes: () => (config.bus === "local" ? 1 : router.stats.peers + 1),
        onRateError: fail("rates could not be shared"),
        publicUrl: config.publicUrl,
        bodyBytes: config.bodyBytes,
        onAnswer: (status) => metrics.count("http_requests", status),
        onRefused,
        onFailure,
      }),
    ],
    apis: [{ ...i2aApi, perSecond: config.requestsPerSecond }, rongcloudApi],
    store,
    metrics,
    phase: () => (gateway.isDraining ? "draining" : isRunning ? "running" : "starting"),
    probeSocket: (request) => gateway.probe(request),
    demo: () => demo,
    onError: fail("request failed"),
  });

  let requestsUnderWay = 0;
  const listener = await listenBun<Connection>(
    {
      host: config.host,
      port: config.port,
      sharesPort,
      // Handlers refuse what is above their own limit; this is the runtime's last line.
      maxBodyBytes: config.bodyBytes * 2,
      maxFrameBytes: Math.max(2 * 1024 * 1024, config.messageBytes * 4),
      maxWaitingBytes: config.queueBytes + 64 * 1024 * 1024,
      compresses: config.compression,
    },
    {
      async request(request, address) {
        requestsUnderWay++;
        try {
          return await answer(request, address);
        } finally {
          requestsUnderWay--;
        }
      },
      upgrade: (request) => gateway.upgrade(request),
      opened: (connection, socket) => gateway.opened(connection, socket),
      received: (connection, frame) => gateway.received(connection, frame),
      heard: (connection) => gateway.heard(connection),
      closed: (connection) => gateway.closed(connection),
    },
  );
  closers.push(() => listener.close());
  const url = localUrl(config.host, listener.port);
  if (demoApp) demo = await openDemo(url, demoApp, config.dataDir);
  closers.push(() => demo?.close());
  isRunning = true;
  logger.info({ node: lease.nodeId, port: listener.port, apps: config.apps.length }, "listening");

  let stopping: Promise<void> | null = null;
  const stop = async () => {
    await closeAll();
    logger.info("stopped");
  };
  const drain = async () => {
    const deadline = Date.now() + config.drainSeconds * 1000;
    listener.stopListening();
    await drainConnections(gateway, config.drainSeconds / 2, (plan) => logger.info(plan, "draining"));
    while (requestsUnderWay > 0 && Date.now() < deadline) await new Promise((go) => setTimeout(go, 10));
    logger.info("drained");
    await stop();
  };
  return {
    url,
    port: listener.port,
    drain: () => (stopping ??= drain()),
    stop: () => (stopping ??= stop()),
  };
}

/** How this machine itself reaches a server that listens on `host`. */
export function localUrl(host: string, port: number): string {
  const names: Record<string, string> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };
  return `http://${names[host] ?? (host.includes(":") ? `[${host}]` : host)}:${port}`;
}
