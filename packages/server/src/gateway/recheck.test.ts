import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../adapters/open-store.ts";
import { LocalRouter } from "../core/cluster/local-router.ts";
import type { AppListeners } from "../core/cluster/router.ts";
import { createCore } from "../core/create-core.ts";
import { NodeLease } from "../core/nodes/node-lease.ts";
import { until } from "../testing/until.ts";
import { AppGateway } from "./app-gateway.ts";
import { Connection } from "./connection.ts";
import { Outbox } from "./outbox.ts";
import { recheckAudience } from "./recheck.ts";
import type { SocketDialect } from "./socket-dialect.ts";

const onError = (error: unknown) => {
  throw error;
};

/** A router that is told when it may go on: for what happens while others have yet to confirm. */
class WaitingRouter extends LocalRouter {
  readonly asked = Promise.withResolvers<void>();
  readonly confirmed = Promise.withResolvers<void>();

  override join(appId: number, listeners: AppListeners) {
    const addConversations = () => {
      this.asked.resolve();
      return this.confirmed.promise;
    };
    return { ...super.join(appId, listeners), addConversations };
  }
}

const dialect: SocketDialect = {
  name: "silent",
  matches: () => true,
  identify: () => Promise.reject(new Error("nobody asks")),
  refuse: () => new Response(),
  receive: () => undefined,
  encode: () => [],
};

const limits = { memberIdsPerCall: 10, messageBytes: 1000 };

/** A node with its gateway to one app. */
async function openGateway(router: LocalRouter) {
  const dataDir = mkdtempSync(join(tmpdir(), "parlance-recheck-"));
  const store = await openStore({ dataDir });
  const app = await store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop" });
  const core = createCore(app, { store, router, limits, logFor: () => ({ info() {}, debug() {} }) });
  const facts = { nodeId: "here", address: "", version: "" };
  const lease = new NodeLease({ nodes: store.nodes, facts, duration: 60_000, isAlone: true, onError });
  await lease.start();
  const outbox = new Outbox(1000);
  const stats = { messagesDelivered: 0 };
  const gateway = new AppGateway(core, { router, lease, outbox, stats, dialects: [dialect], onError });
  /** As a device that asks to come in. */
  const arrive = async (userId: string): Promise<Connection> => {
    const session = { tokenHash: `${userId}'s`, userId, deviceId: "phone", fcmToken: null };
    await core.store.openSession(session, 1);
    const connection = new Connection({ core, ...session }, dialect, outbox, gateway);
    connection.user = gateway.audience.join(userId, connection);
    return connection;
  };
  const close = async () => {
    gateway.stop();
    await lease.stop();
    await store.close();
    rmSync(dataDir, { recursive: true });
  };
  return { core, gateway, arrive, close };
}

test("reaches those who were just coming when the event was lost", async () => {
  const router = new WaitingRouter(onError);
  const { core, gateway, arrive, close } = await openGateway(router);
  const room = (key: string) =>
    core.store.createConversation({ kind: "group", key, admission: "members", memberIds: ["ben"] });
  const [known, missed] = [await room("known"), await room("missed")];
  await core.store.addMembers(known.id, ["ann"]);
  const connection = await arrive("ann");
  await router.asked.promise;
  // Behind the reading of her memberships, and nobody tells of it.
  await core.store.addMembers(missed.id, ["ann"]);
  const rechecked = recheckAudience(gateway);
  router.confirmed.resolve();
  await rechecked;
  expect(connection.user.isMemberOf(known.id)).toBe(true);
  await until("she hears what was missed", () => connection.user?.isMemberOf(missed.id));
  await close();
});

test("sends those away who were shut out, and nobody else, when the event was lost", async () => {
  const { core, gateway, arrive, close } = await openGateway(new LocalRouter(onError));
  const ids = ["blocked", "deactivated", "deleted", "free", "was blocked"];
  const connections = await Promise.all(ids.map(arrive));
  await Promise.all(connections.map(({ user }) => user.ready));
  const now = Date.now();
  await core.store.changeUserRules(["blocked"], { blockedUntil: now + 60_000 });
  await core.store.changeUserRules(["was blocked"], { blockedUntil: now - 1 });
  await core.store.deactivateUsers(["deactivated"], now, now);
  await core.store.deleteUser("deleted");
  await recheckAudience(gateway);
  expect([...gateway.audience.users()].map(({ userId }) => userId)).toEqual(["free", "was blocked"]);
  expect(connections.map(({ state }) => state)).toEqual([
    "leaving",
    "leaving",
    "leaving",
    "arriving",
    "arriving",
  ]);
  await close();
});

test("what is known of who may not write is read again", async () => {
  const { core, gateway, close } = await openGateway(new LocalRouter(onError));
  expect((await core.groupRules.load("g")).isMuted).toBe(false);
  // By another node, whose event is lost.
  await core.store.muteGroups(["g"], 1);
  expect((await core.groupRules.load("g")).isMuted).toBe(false);
  gateway.reconcile();
  await until("the mute is known", async () => (await core.groupRules.load("g")).isMuted);
  await close();
});
