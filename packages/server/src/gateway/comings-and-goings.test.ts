/** What people leave behind on a node when they have gone: nothing. */

import { afterEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalBus } from "../adapters/bus-local/local-bus.ts";
import { openStore } from "../adapters/open-store.ts";
import { ClusterRouter } from "../core/cluster/cluster-router.ts";
import { createCore } from "../core/create-core.ts";
import { NodeLease } from "../core/nodes/node-lease.ts";
import { until } from "../testing/until.ts";
import { AppGateway } from "./app-gateway.ts";
import { Connection } from "./connection.ts";
import { Outbox } from "./outbox.ts";
import type { SocketDialect } from "./socket-dialect.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const dialect: SocketDialect = {
  name: "silent",
  matches: () => true,
  identify: () => Promise.reject(new Error("nobody asks")),
  refuse: () => new Response(),
  receive: () => undefined,
  encode: () => [],
};

/** An app's listeners on one of two nodes of a cluster, whose other node has none. */
async function openNode() {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const dataDir = mkdtempSync(join(tmpdir(), "parlance-comings-"));
  cleanups.push(() => rmSync(dataDir, { recursive: true }));
  const store = await openStore({ dataDir });
  cleanups.push(() => store.close());
  const bus = createLocalBus(onError);
  cleanups.push(() => bus.close());
  const [router, other] = ["here", "there"].map((nodeId) => {
    const router = new ClusterRouter({ bus, nodeId, largeListeners: 50, mostKeys: 100_000, onError });
    cleanups.push(() => router.stop());
    return router;
  }) as [ClusterRouter, ClusterRouter];
  await until("the nodes know each other", () => router.stats.peers + other.stats.peers === 2);
  const app = await store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop" });
  const limits = { memberIdsPerCall: 1000, messageBytes: 1000 };
  const core = createCore(app, { store, router, limits, logFor: () => ({ info() {}, debug() {} }) });
  const facts = { nodeId: "here", address: "", version: "" };
  const lease = new NodeLease({ nodes: store.nodes, facts, duration: 60_000, isAlone: true, onError });
  await lease.start();
  cleanups.push(() => lease.stop());
  const outbox = new Outbox(1000);
  const stats = { messagesDelivered: 0 };
  const gateway = new AppGateway(core, { router, lease, outbox, stats, dialects: [dialect], onError });
  cleanups.push(() => gateway.stop());
  const connect = (userId: string, deviceId: string) => {
    const session = { tokenHash: `${userId} ${deviceId}`, userId, deviceId };
    const connection = new Connection({ core, ...session }, dialect, outbox, gateway);
    connection.user = gateway.audience.join(userId, connection);
    return connection;
  };
  return { core, gateway, router, other, errors, connect };
}

test("thousands who come and go, in rooms that are made and deleted meanwhile, leave nothing", async () => {
  const { core, gateway, router, other, errors, connect } = await openNode();
  const names = Array.from({ length: 1000 }, (_, index) => `user-${index}`);
  const addRoom = async (key: string, memberIds: string[]) => {
    const room = { kind: "group", key, admission: "members", memberIds } as const;
    return core.store.createConversation(room);
  };
  // A large one, which gets a subject of its own, and many small ones.
  await addRoom("all", names);
  for (let first = 0; first < names.length; first += 10)
    await addRoom(`room-${first}`, names.slice(first, first + 10));
  for (let round = 0; round < 3; round++) {
    const links = names.flatMap((name) => [connect(name, "phone"), connect(name, "laptop")]);
    // Some go before anything is known of them.
    for (const link of links.filter((_, index) => index % 7 === 0)) gateway.leave(link);
    const rest = links.filter((_, index) => index % 7 !== 0);
    await Promise.all(rest.map(({ user }) => user.ready));
    for (const link of rest) {
      link.state = "open";
      gateway.welcome(link);
    }
    const conversation = await addRoom(`of-round-${round}`, []);
    const { seq, sentAt } = { seq: 0, sentAt: conversation.createdAt };
    await core.store.addMembers(conversation.id, names);
    core.publish({ kind: "membersAdded", conversation, userIds: names, seq, sentAt });
    if (round === 0) await until("there is a large one", () => router.stats.largeSubjects > 0);
    await core.store.deleteConversation(conversation.id);
    core.publish({ kind: "conversationDeleted", conversation });
    for (const link of rest) gateway.leave(link);
    await gateway.presence.flush();
  }
  expect(gateway.audience.onlineUsers).toBe(0);
  expect(await core.store.countOnline()).toBe(0);
  expect([...gateway.audience.crowds(1)]).toEqual([]);
  await until("nothing is followed", () => {
    gateway.order.retain((id) => gateway.audience.listeners(id).size > 0);
    return router.stats.interestKeys === 0;
  });
  await until("the other node has forgotten it, too", () => other.stats.peerInterestBytes <= 128);
  expect(router.stats.largeSubjects).toBe(0);
  expect(errors).toEqual([]);
}, 60_000);
