/** Nodes without sockets over one real store: leases, writers and watches, for tests. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLocalBus } from "../../../adapters/bus-local/local-bus.ts";
import { databaseFile, openStore } from "../../../adapters/open-store.ts";
import type { AppStore, Store } from "../../../ports/store.ts";
import { nodeClock } from "../../../ports/store-presence.ts";
import type { CoreEvent } from "../../events.ts";
import { createNodeId } from "../../nodes/node-id.ts";
import { NodeLease } from "../../nodes/node-lease.ts";
import { ChangeFeed } from "../change-feed.ts";
import type { PresenceState } from "../online-users.ts";
import { PresenceWatch } from "../watch.ts";
import { PresenceWriter, type PresentLink } from "../writer.ts";

let made = 0;
export class TestLink implements PresentLink {
  readonly id = ++made;
  readonly openedAt: number;
  readonly user: { userId: string };
  readonly deviceId: string;
  readonly platform: string;
  /** `ago`: milliseconds since it was opened. */
  constructor(userId: string, deviceId = "phone", platform = "", ago = 0) {
    this.openedAt = nodeClock() - ago;
    this.user = { userId };
    this.deviceId = deviceId;
    this.platform = platform;
  }
}

export interface TestNode {
  lease: NodeLease;
  writer: PresenceWriter<TestLink>;
  watch: PresenceWatch<string>;
  /** Who is connected here; a test keeps it as a gateway would. */
  links: Set<TestLink>;
  replaced: TestLink[];
  refused: TestLink[];
  /** What each watcher was told, one list for each time. */
  told: { watcher: string; states: PresenceState[] }[];
  connect(link: TestLink): void;
  disconnect(link: TestLink): void;
}

export class PresenceWorld {
  readonly events: CoreEvent[] = [];
  readonly errors: unknown[] = [];
  /** The limit of people online. */
  most: number | null = null;
  declare store: Store;
  declare own: AppStore;
  readonly #dataDir = mkdtempSync(join(tmpdir(), "parlance-presence-"));
  readonly #nodes: TestNode[] = [];
  readonly #feeds: ChangeFeed[] = [];
  readonly #bus = createLocalBus((error) => this.errors.push(error));

  /** The database, for another process to lock. */
  get file(): string {
    return databaseFile({ dataDir: this.#dataDir });
  }

  static async open(): Promise<PresenceWorld> {
    const world = new PresenceWorld();
    world.store = await openStore({ dataDir: world.#dataDir });
    const app = await world.store.apps.create({ key: "shop", name: "Shop", secret: "secret-of-shop" });
    world.own = world.store.forApp(app.id);
    return world;
  }

  async node(duration = 60_000): Promise<TestNode> {
    const onError = (error: unknown) => void this.errors.push(error);
    const facts = { nodeId: createNodeId(), address: "here", version: "0" };
    const lease = new NodeLease({ nodes: this.store.nodes, facts, duration, isAlone: false, onError });
    await lease.start();
    const publish = (event: CoreEvent) => this.#bus.publish("events", event);
    const feed = new ChangeFeed(publish);
    const node: TestNode = {
      lease,
      links: new Set(),
      replaced: [],
      refused: [],
      told: [],
      writer: new PresenceWriter<TestLink>({
        store: this.own,
        lease,
        most: () => this.most,
        present: () => node.links,
        onReplaced: (link) => void node.replaced.push(link),
        onRefused: (link) => void node.refused.push(link),
        onDeviceTaken: (older) => publish({ kind: "deviceConnected", ...older }),
        onChanged: (userIds) => feed.add(userIds),
        onError,
      }),
      watch: new PresenceWatch<string>({
        store: this.own,
        tell: (watcher, states) => void node.told.push({ watcher, states }),
        onWanted: (isWanted) => feed.want(isWanted),
        onError,
      }),
      connect(link) {
        node.links.add(link);
        node.writer.arrive(link);
      },
      disconnect(link) {
        node.links.delete(link);
        node.writer.leave(link);
      },
    };
    lease.onEnded((ids) => node.watch.hearEnded(ids));
    this.#bus.subscribe("events", (message) => {
      const event = message as CoreEvent;
      this.events.push(event);
      if (event.kind === "presenceChanged") node.watch.hear(event.userIds);
      if (event.kind === "presenceWanted") feed.heardWish();
    });
    this.#nodes.push(node);
    this.#feeds.push(feed);
    return node;
  }

  async close(): Promise<void> {
    for (const feed of this.#feeds) feed.stop();
    for (const { lease, writer, watch } of this.#nodes) {
      watch.stop();
      writer.stop();
      await lease.stop();
    }
    await this.#bus.close();
    await this.store.close();
    rmSync(this.#dataDir, { recursive: true });
  }
}

/** Waits for something to come true; far longer than it takes on a busy machine. */
export const until = async (isTrue: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${isTrue}`);
    await new Promise((go) => setTimeout(go, 10));
  }
};
