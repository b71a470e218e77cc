/**
 * The open chatrooms, and somebody's visits to them. Who entered stays in until they leave, whatever else they look at;
 * a page that is loaded anew enters again.
 */

import type { Client } from "@parlance/client";
import { listChatrooms, type Named } from "../session/back-end.ts";
import type { Names } from "../session/names.ts";
import { Visit } from "./visit.ts";

/** Of this tab, as is who is signed in. */
const storageKey = "parlance-demo:chatrooms";

export class Chatrooms {
  readonly #client: Client;
  readonly #names: Names;
  readonly #visits = new Map<string, Visit>();
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;
  #list: readonly Named[] | null = null;

  constructor(client: Client, names: Names) {
    this.#client = client;
    this.#names = names;
    this.#stop = client.on("synced", () => void this.#load());
    void this.#load();
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Null: not known yet. */
  get list(): readonly Named[] | null {
    return this.#list;
  }

  /** The same object every time. */
  visit(id: string): Visit {
    const known = this.#visits.get(id);
    if (known) return known;
    const made = new Visit(this.#client, id, () => this.#keep());
    this.#visits.set(id, made);
    return made;
  }

  /** Leaves all of them. */
  close(): void {
    this.#stop();
    for (const visit of this.#visits.values()) {
      visit.leave();
      visit.close();
    }
    sessionStorage.removeItem(storageKey);
  }

  #keep(): void {
    const entered = [...this.#visits].filter(([, { state }]) => state.phase !== "out").map(([id]) => id);
    sessionStorage.setItem(storageKey, JSON.stringify(entered));
  }

  /** Asked until it is known. */
  async #load(): Promise<void> {
    if (this.#list) return;
    const found = await listChatrooms().catch(() => null);
    if (!found || this.#list) return;
    this.#list = found.chatrooms;
    const entered: string[] = JSON.parse(sessionStorage.getItem(storageKey) ?? "[]");
    for (const { id, name } of found.chatrooms) {
      this.#names.set(`chatroom/${id}`, name);
      // One that is gone would be made by entering it.
      if (entered.includes(id)) void this.visit(id).enter();
    }
    for (const listener of this.#listeners) listener();
  }
}
