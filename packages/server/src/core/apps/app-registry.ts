import { createHash, timingSafeEqual } from "node:crypto";
import type { App, Store } from "../../ports/store.ts";
import type { Core } from "../core.ts";

/** A core handle whose app can be brought up to date. */
export type UpdatableCore = Core & { app: App };

export interface AppRegistryOptions {
  store: Store;
  createCore(app: App): UpdatableCore;
  /** The app was deleted or switched off: its connections must end. */
  onClosed(core: Core): void;
  /** The store could not be asked; the next look comes by itself. */
  onError(error: unknown): void;
}

/** Milliseconds between looks at what other processes changed: well under the second that is promised. */
const pollInterval = 400;

/** The apps of this deployment as the store has them, at most half a second old, and the core handle of each. */
export class AppRegistry {
  readonly #options: AppRegistryOptions;
  #coresByKey = new Map<string, UpdatableCore>();
  #coresBySecretHash = new Map<string, UpdatableCore>();
  #revision = -1;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isStopped = false;

  constructor(options: AppRegistryOptions) {
    this.#options = options;
  }

  /** Resolves when the apps are known; looks for changes from then on. */
  async start(): Promise<void> {
    await this.refresh();
    const look = async () => {
      await this.refresh().catch(this.#options.onError);
      if (!this.#isStopped) this.#timer = setTimeout(look, pollInterval);
    };
    this.#timer = setTimeout(look, pollInterval);
  }

  stop(): void {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  byKey(key: string): Core | undefined {
    return this.#coresByKey.get(key);
  }

  byId(id: number): Core | undefined {
    for (const core of this.#coresByKey.values()) if (core.app.id === id) return core;
    return undefined;
  }

  /** In constant time with regard to the secret: it is looked up by its hash, and the hashes are compared whole. */
  bySecret(secret: string): Core | undefined {
    const hash = hashSecret(secret);
    const core = this.#coresBySecretHash.get(hash);
    if (!core) return undefined;
    const expected = Buffer.from(hashSecret(core.app.secret));
    return timingSafeEqual(Buffer.from(hash), expected) ? core : undefined;
  }

  async refresh(): Promise<void> {
    const revision = await this.#options.store.apps.revision();
    if (revision === this.#revision) return;
    this.#replace(await this.#options.store.apps.list());
    this.#revision = revision;
  }

  #replace(apps: App[]): void {
    const before = this.#coresByKey;
    const after = new Map<string, UpdatableCore>();
    const closed: Core[] = [];
    for (const app of apps) {
      // A key that was deleted and made again is another app with other rows.
      const known = before.get(app.key)?.app.id === app.id ? before.get(app.key) : undefined;
      if (known?.app.isActive && !app.isActive) closed.push(known);
      const core = known ?? this.#options.createCore(app);
      core.app = app;
      core.words.follow();
      after.set(app.key, core);
    }
    for (const [key, core] of before) if (after.get(key) !== core) closed.push(core);
    this.#coresByKey = after;
    this.#coresBySecretHash = new Map([...after.values()].map((core) => [hashSecret(core.app.secret), core]));
    for (const core of closed) this.#options.onClosed(core);
  }
}

const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");
