import type { ConversationRef } from "@parlance/protocol";
import { MemoryCache } from "../cache/memory-cache.ts";
import type { Client } from "../public/client.ts";
import type { ModelWorld } from "./model/model-world.ts";
import { MortalCache } from "./mortal-cache.ts";

/** One device of a person: its disk lasts, the program on it may be killed and started again. */
export class Device {
  client!: Client;
  readonly userId: string;
  readonly #world: ModelWorld;
  readonly deviceId: string;
  readonly #opened: readonly ConversationRef[];
  readonly #disk = new MemoryCache();
  #cache = new MortalCache(this.#disk);

  constructor(world: ModelWorld, userId: string, deviceId: string, opened: readonly ConversationRef[]) {
    this.#world = world;
    this.userId = userId;
    this.deviceId = deviceId;
    this.#opened = opened;
  }

  async start(): Promise<void> {
    this.#cache = new MortalCache(this.#disk);
    this.client = await this.#world.device(this.userId, this.deviceId, this.#cache);
    for (const ref of this.#opened) await this.client.conversation(ref).open();
  }

  /** The program is killed without a warning, and started again. */
  async kill(): Promise<void> {
    this.#cache.die();
    this.client.disconnect();
    await this.start();
  }

  /** The program ends in good order, and is started again. */
  async restart(): Promise<void> {
    await this.client.close();
    await this.start();
  }
}
