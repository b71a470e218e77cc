/** Cores of one app over one real store, each with a pusher and a provider that does what it is told. Imported by tests only. */

import { afterAll, beforeAll } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../adapters/open-store.ts";
import type { Push, PushOutcome } from "../../../ports/push.ts";
import type { App, Conversation, Store } from "../../../ports/store.ts";
import { LocalRouter } from "../../cluster/local-router.ts";
import type { Core } from "../../core.ts";
import { createCore } from "../../create-core.ts";
import { type SendMessage, sendMessage } from "../../messages/send-message.ts";
import { Pusher, type PusherTimes } from "../pusher.ts";

export interface PushNode {
  core: Core;
  pusher: Pusher;
  /** What was handed to its provider, in order. */
  pushes: Push[];
  errors: unknown[];
  /** What its provider says of each; "throw" is a provider that fails as a whole. */
  outcome: (push: Push) => PushOutcome | "throw";
}

export interface PushWorld {
  store: Store;
  app: App;
  /** Another node; it looks for what is due only if `times` say so. */
  newNode(times?: Partial<PusherTimes>): PushNode;
  newConversation(memberIds: string[], kind?: Conversation["kind"], key?: string): Promise<Conversation>;
  /** Makes the user reachable under the token `TOKEN of USER`. */
  reach(...userIds: string[]): Promise<void>;
}

const never = 1_000_000_000;

export function usePushWorld(settings: App["settings"] = {}): PushWorld {
  const world = {} as PushWorld;
  const dataDir = mkdtempSync(join(tmpdir(), "parlance-push-"));
  const pushers: Pusher[] = [];
  let made = 0;
  beforeAll(async () => {
    const store = await openStore({ dataDir });
    const app = await store.apps.create({
      key: "shop",
      name: "The Shop",
      secret: "secret-of-shop-0001",
      settings,
    });
    const newNode: PushWorld["newNode"] = (times) => {
      const node = {
        pushes: [] as Push[],
        errors: [] as unknown[],
        outcome: () => "sent",
      } as unknown as PushNode;
      node.pusher = new Pusher({
        store,
        coreOf: (appId) => (appId === app.id ? node.core : undefined),
        onError: (error) => node.errors.push(error),
        times: { sweep: never, ...times },
        provider: {
          name: "test",
          async send(pushes) {
            node.pushes.push(...pushes);
            const outcomes = pushes.map((push) => node.outcome(push));
            if (outcomes.includes("throw")) throw new Error("The provider is down.");
            return outcomes as PushOutcome[];
          },
        },
      });
      node.core = createCore(app, {
        store,
        router: new LocalRouter((error) => node.errors.push(error)),
        limits: { memberIdsPerCall: 5000, messageBytes: 64 * 1024 },
        logFor: () => ({ info() {}, debug() {} }),
        pushes: node.pusher,
      });
      node.pusher.start();
      pushers.push(node.pusher);
      return node;
    };
    Object.assign(world, {
      ...{ store, app, newNode },
      newConversation: (memberIds, kind = "group", key = `room-${++made}`) =>
        store.forApp(app.id).createConversation({ kind, key, admission: "members", memberIds }),
      async reach(...userIds) {
        const reachOne = (userId: string) =>
          store.forApp(app.id).savePushDevice({
            ...{
              userId,
              deviceId: "phone",
              provider: "fcm",
              token: `token of ${userId}`,
              platform: "android",
            },
            packageName: null,
          });
        await Promise.all(userIds.map(reachOne));
      },
    } satisfies PushWorld);
  });
  afterAll(async () => {
    for (const pusher of pushers) pusher.stop();
    await world.store.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return world;
}

export const sayIn = (
  core: Core,
  conversation: Conversation,
  text: string,
  more: Partial<SendMessage> = {},
) =>
  sendMessage(core, {
    ...{ conversation, senderId: "ann", senderData: null, type: "text", marksRead: true },
    content: JSON.stringify({ text }),
    ...more,
  });
