/** A node with listeners over a simulated network, and a store that is a count of messages. Imported by tests only. */

import type { Conversation, Message } from "../../../ports/store.ts";
import type { CoreEvent } from "../../events.ts";
import { ClusterRouter } from "../cluster-router.ts";
import type { AppInterest, Router } from "../router.ts";
import type { SimulatedBus, SimulatedNetwork } from "./simulated-network.ts";

const appId = 1;

/** The log of every conversation: how many messages it has. */
export type Log = Map<number, number>;

export const messageSent = (conversationId: number, seq: number): CoreEvent => ({
  kind: "messageSent",
  conversation: { id: conversationId } as Conversation,
  message: { conversationId, seq } as Message,
  senderData: null,
  marksRead: false,
});

export interface SimulatedNodeOptions {
  network: SimulatedNetwork;
  log: Log;
  name: string;
  largeListeners?: number;
  mostKeys?: number;
  /** Milliseconds that a reading of the store takes. */
  readTime(): number;
}

export class SimulatedNode {
  readonly name: string;
  readonly router: Router;
  readonly bus: SimulatedBus;
  readonly errors: unknown[] = [];
  /** Of each conversation that somebody listens to here: how far, once that is known. */
  readonly positions = new Map<number, number | null>();
  /** Events of messages that came from the bus or from here, wanted or not. */
  heardEvents = 0;
  /** Marks of each conversation that came, each once if all is well. */
  readonly marks: string[] = [];
  /** Pretended listeners of each conversation. */
  readonly crowds = new Map<number, number>();
  isDead = false;
  readonly #options: SimulatedNodeOptions;
  readonly #interest: AppInterest;
  readonly #beginnings = new Set<Promise<void>>();

  constructor(options: SimulatedNodeOptions) {
    const { network, name, largeListeners = 1_000_000, mostKeys = 1_000_000 } = options;
    this.name = name;
    this.#options = options;
    this.bus = network.open();
    this.router = new ClusterRouter({
      bus: this.bus,
      nodeId: name,
      largeListeners,
      mostKeys,
      onError: (error) => this.errors.push(error),
      clock: network.clock,
    });
    this.#interest = this.router.join(appId, {
      handle: (event) => this.#handle(event),
      recheck: () => void this.#recheck(),
      crowds: (least) => [...this.crowds].filter(([, count]) => count >= least),
    });
  }

  /** As `LogOrder.follow` does: what is sent from when this resolves must be heard. */
  async listen(conversationId: number): Promise<void> {
    this.positions.set(conversationId, null);
    const beginning = this.#begin(conversationId);
    this.#beginnings.add(beginning);
    await beginning;
    this.#beginnings.delete(beginning);
  }

  forget(conversationId: number): void {
    if (this.positions.delete(conversationId)) this.#interest.dropConversation(conversationId);
  }

  /** Stores a message and tells it; the store answers before anybody hears. */
  send(conversationId: number): void {
    this.router.publish(appId, messageSent(conversationId, this.store(conversationId)));
  }

  /** Stores a message, and dies before it is told. */
  store(conversationId: number): number {
    const seq = (this.#options.log.get(conversationId) ?? 0) + 1;
    this.#options.log.set(conversationId, seq);
    return seq;
  }

  publish(event: CoreEvent): void {
    this.router.publish(appId, event);
  }

  /** As SIGKILL: nobody is told. */
  kill(): void {
    this.isDead = true;
    this.bus.isKilled = true;
    void this.bus.close();
    this.router.stop();
  }

  /** Conversations whose listeners miss something that is in the log. */
  missing(): string[] {
    return [...this.positions]
      .filter(([id, position]) => position !== (this.#options.log.get(id) ?? 0))
      .map(([id, position]) => `${this.name} has ${position} of ${this.#options.log.get(id)} in ${id}`);
  }

  /** A store answers with what it holds at some moment of the reading. */
  async #read(conversationId: number): Promise<number> {
    const { network, log, readTime } = this.#options;
    await network.clock.sleep(readTime());
    const seq = log.get(conversationId) ?? 0;
    await network.clock.sleep(readTime());
    return seq;
  }

  async #begin(conversationId: number): Promise<void> {
    await this.#interest.addConversations([conversationId]);
    const seq = await this.#read(conversationId);
    const position = this.positions.get(conversationId);
    if (position !== undefined) this.positions.set(conversationId, Math.max(position ?? 0, seq));
  }

  /** As `LogOrder.reconcile` does: what is being read for the first time may be older than what was missed. */
  async #recheck(): Promise<void> {
    await Promise.all(this.#beginnings);
    await Promise.all(
      [...this.positions.keys()].map(async (id) => {
        const seq = await this.#read(id);
        const position = this.positions.get(id);
        if (typeof position === "number") this.positions.set(id, Math.max(position, seq));
      }),
    );
  }

  #handle(event: CoreEvent): void {
    if (event.kind === "readMarkMoved") this.marks.push(`${event.conversation.id} ${event.userId}`);
    if (event.kind !== "messageSent") return;
    this.heardEvents++;
    const { id } = event.conversation;
    const position = this.positions.get(id);
    // What lies between is read from the log, which has it.
    if (position !== undefined) this.positions.set(id, Math.max(position ?? 0, event.message.seq));
  }
}
