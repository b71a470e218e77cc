import type { CoreEvent } from "../events.ts";
import type { AppListeners } from "./router.ts";

/** The listeners of this node, by app. One that throws disturbs nobody else. */
export class AppDesk {
  readonly #byApp = new Map<number, Set<AppListeners>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  join(appId: number, listeners: AppListeners): () => void {
    const set = this.#byApp.get(appId) ?? new Set();
    this.#byApp.set(appId, set.add(listeners));
    return () => {
      set.delete(listeners);
      if (set.size === 0 && this.#byApp.get(appId) === set) this.#byApp.delete(appId);
    };
  }

  deliver(appId: number, event: CoreEvent): void {
    const set = this.#byApp.get(appId);
    if (!set) return;
    for (const listeners of set) {
      try {
        listeners.handle(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  recheck(): void {
    for (const [, listeners] of this.all()) listeners.recheck();
  }

  *all(): Iterable<[appId: number, listeners: AppListeners]> {
    for (const [appId, set] of this.#byApp) for (const listeners of set) yield [appId, listeners];
  }
}
