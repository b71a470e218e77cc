/** What people and groups are called: learned from messages, members and the server, kept for the next start. */

import type { Client, ConversationRef } from "@parlance/client";
import { findGroup } from "./back-end.ts";

const storageKey = "parlance-demo:names";
const mostKept = 1_000;
const mostAsked = 100;

export class Names {
  readonly #client: Client;
  #known = new Map<string, string>(JSON.parse(localStorage.getItem(storageKey) ?? "[]"));
  #asked = new Set<string>();
  #waiting = new Set<string>();
  #listeners = new Set<() => void>();
  #stops: (() => void)[];
  /** Rises with every name that is learned. */
  version = 0;

  constructor(client: Client) {
    this.#client = client;
    this.#stops = [
      client.on("message", ({ message }) => message.from && this.learn(message.from, message.fromData)),
      client.on("user", ({ id, data }) => this.learn(id, data)),
      client.on("synced", () => {
        this.#asked.clear();
        this.#tell();
      }),
    ];
  }

  listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The id until the name is known; nothing for nobody. */
  person(id: string): string {
    const name = this.#known.get(id);
    if (name === undefined && id !== "" && !this.#asked.has(id)) {
      this.#asked.add(id);
      if (this.#waiting.size === 0) queueMicrotask(() => this.#askForPeople());
      this.#waiting.add(id);
    }
    return name ?? id;
  }

  of({ kind, id }: ConversationRef): string {
    if (kind === "chatroom") return this.#known.get(`chatroom/${id}`) ?? "…";
    if (kind !== "group") return this.person(id);
    const key = `group/${id}`;
    const name = this.#known.get(key);
    if (name === undefined && !this.#asked.has(key)) {
      this.#asked.add(key);
      findGroup(id).then(
        (group) => this.set(key, group.name),
        () => {},
      );
    }
    return name ?? "…";
  }

  /** `data` is what the back end gave for a user: JSON with a name. */
  learn(id: string, data: string | undefined): void {
    if (data === undefined) return;
    try {
      const { name } = JSON.parse(data);
      if (typeof name === "string") this.set(id, name);
    } catch {
      // Another back end's data: the id is shown.
    }
  }

  set(key: string, name: string): void {
    if (this.#known.get(key) === name) return;
    this.#known.set(key, name);
    localStorage.setItem(storageKey, JSON.stringify([...this.#known].slice(-mostKept)));
    this.#tell();
  }

  #tell(): void {
    this.version++;
    for (const listener of this.#listeners) listener();
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  async #askForPeople(): Promise<void> {
    const ids = [...this.#waiting].slice(0, mostAsked);
    this.#waiting.clear();
    try {
      for (const { id, data } of await this.#client.users(ids)) this.learn(id, data);
    } catch {
      // Offline: asked again after the next connect.
    }
  }
}
