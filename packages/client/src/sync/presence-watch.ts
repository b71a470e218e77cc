import type { Presence } from "@parlance/protocol";
import { insist, type Link } from "./link.ts";

const watchSeconds = 600;
const perCall = 200;

/** Whose presence the app wants to see: watched anew before the watch ends, and on every connection. */
export class PresenceWatch {
  readonly known = new Map<string, Presence>();
  #link: Link;
  #onChanged: (users: Presence[]) => void;
  #watchers = new Map<string, number>();
  #timer: unknown = null;

  constructor(link: Link, onChanged: (users: Presence[]) => void) {
    this.#link = link;
    this.#onChanged = onChanged;
  }

  /** Returns how to stop. Users watched twice are watched until both stop. */
  watch(userIds: readonly string[]): () => void {
    const fresh = userIds.filter((userId) => !this.#watchers.has(userId));
    for (const userId of userIds) this.#watchers.set(userId, (this.#watchers.get(userId) ?? 0) + 1);
    void this.#ask(fresh);
    this.#schedule();
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#unwatch(userIds);
    };
  }

  applied(users: Presence[]): void {
    const watched = users.filter(({ userId }) => this.#watchers.has(userId));
    for (const user of watched) this.known.set(user.userId, user);
    if (watched.length > 0) this.#onChanged(watched);
  }

  resume(): void {
    void this.#ask([...this.#watchers.keys()]);
  }

  close(): void {
    this.#link.environment.clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer ??= this.#link.environment.setTimeout(() => {
      this.#timer = null;
      if (this.#watchers.size === 0) return;
      this.resume();
      this.#schedule();
    }, watchSeconds * 800);
  }

  #unwatch(userIds: readonly string[]): void {
    const gone: string[] = [];
    for (const userId of userIds) {
      const count = (this.#watchers.get(userId) ?? 0) - 1;
      if (count > 0) this.#watchers.set(userId, count);
      else if (this.#watchers.delete(userId) && this.known.delete(userId)) gone.push(userId);
    }
    for (let at = 0; at < gone.length; at += perCall)
      this.#link.request("presence.unwatch", { userIds: gone.slice(at, at + perCall) }).catch(() => {});
  }

  async #ask(userIds: readonly string[]): Promise<void> {
    if (!this.#link.isOnline()) return;
    for (let at = 0; at < userIds.length; at += perCall)
      try {
        const page = { userIds: userIds.slice(at, at + perCall), seconds: watchSeconds };
        this.applied((await insist(this.#link, "presence.watch", page)).users);
      } catch {
        // The next connection, or the next renewal, asks again.
        return;
      }
  }
}
