import type { Cache } from "./cache.ts";

/** The part of IndexedDB that is used, so that the package needs no browser's types. */
interface Request<T> {
  result: T;
  error: unknown;
  onsuccess: (() => void) | null;
  onerror: (() => void) | null;
}
interface Store {
  getAll(range?: unknown): Request<unknown[]>;
  getAllKeys(range?: unknown): Request<string[]>;
  put(value: unknown, key: string): void;
  delete(key: string): void;
}
interface Transaction {
  objectStore(name: string): Store;
  abort(): void;
  oncomplete: (() => void) | null;
  onabort: (() => void) | null;
  error: unknown;
}
interface Database {
  createObjectStore(name: string): void;
  transaction(name: string, mode: string): Transaction;
  close(): void;
}
interface Factory {
  open(name: string, version: number): Request<Database> & { onupgradeneeded: (() => void) | null };
}

const storeName = "values";

const done = <T>(request: Request<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Keeps everything in a database of the browser. Where there is none (or private windows forbid it), calls reject. */
export class IndexedDbCache implements Cache {
  #database: Promise<Database>;

  /** One name for each user: `parlance:` and the user's id is the default. */
  constructor(name: string) {
    const factory = (globalThis as { indexedDB?: Factory }).indexedDB;
    if (!factory) throw new Error("There is no IndexedDB here.");
    const opening = factory.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(storeName);
    this.#database = done(opening);
    this.#database.catch(() => {});
  }

  async load(prefix: string): Promise<[string, unknown][]> {
    const store = (await this.#database).transaction(storeName, "readonly").objectStore(storeName);
    const { IDBKeyRange } = globalThis as unknown as {
      IDBKeyRange: { bound(from: string, to: string): unknown };
    };
    const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
    const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
    return keys.map((key, index) => [key, values[index]]);
  }

  async write(changes: readonly (readonly [string, unknown])[]): Promise<void> {
    const transaction = (await this.#database).transaction(storeName, "readwrite");
    const store = transaction.objectStore(storeName);
    try {
      for (const [key, value] of changes)
        if (value === undefined) store.delete(key);
        else store.put(value, key);
    } catch (error) {
      // What can't be cloned throws at once, and would leave the others to be committed.
      transaction.abort();
      throw error;
    }
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(transaction.error);
    });
  }

  close(): void {
    this.#database.then((database) => database.close()).catch(() => {});
  }
}
