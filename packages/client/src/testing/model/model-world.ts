/** A model server and devices of people, in one time that tests hold. */

import type { Cache } from "../../cache/cache.ts";
import { MemoryCache } from "../../cache/memory-cache.ts";
import type { Environment, SocketConstructor } from "../../environment.ts";
import type { Client } from "../../public/client.ts";
import { connect } from "../../public/connect.ts";
import { seededRandom, VirtualClock } from "../virtual-clock.ts";
import { type Faults, ModelLine, noFaults, type World } from "./model-line.ts";
import { ModelServer } from "./model-server.ts";

export class ModelWorld implements World {
  readonly clock = new VirtualClock();
  readonly random: () => number;
  readonly server: ModelServer;
  readonly environment: Environment;
  faults: Faults = noFaults;
  isReachable = true;
  #wakers = new Set<() => void>();

  constructor(seed = 1) {
    this.random = seededRandom(seed);
    this.server = new ModelServer(this);
    const [world, server] = [this, this.server] as const;
    class Line extends ModelLine {
      constructor(_url: string, protocols: string[]) {
        super(world, server, protocols);
      }
    }
    this.environment = {
      WebSocket: Line as unknown as SocketConstructor,
      setTimeout: this.clock.setTimeout,
      clearTimeout: this.clock.clearTimeout,
      now: () => this.clock.now,
      random: this.random,
      onNetwork: (wake) => {
        this.#wakers.add(wake);
        return () => this.#wakers.delete(wake);
      },
    };
  }

  device(userId: string, deviceId = `${userId}-phone`, cache: Cache = new MemoryCache()): Promise<Client> {
    const { environment } = this;
    const token = () => `${userId}:${deviceId}:${this.server.tokenVersion}`;
    return connect({ url: "ws://model/connect", token, userId, cache, environment });
  }

  /** Online, and everything missed is in. */
  async synced(client: Client): Promise<void> {
    let isSynced = false;
    const stop = client.on("synced", () => {
      isSynced = true;
    });
    client.reconnect();
    await this.clock.until(() => isSynced);
    stop();
  }

  /** The device's line ends without a word. */
  cut(userId: string): void {
    for (const line of [...this.server.lines]) if (line.userId === userId) line.cut();
  }

  networkIsBack(): void {
    for (const wake of this.#wakers) wake();
  }
}
