/**
 * Where a client keeps what it knows between runs: a map of text to JSON values. Give your own to keep it elsewhere, on
 * a phone in SQLite for instance; docs/client.md shows one. One user's device has one cache.
 */
export interface Cache {
  /** All pairs whose key begins with the prefix. */
  load(prefix: string): Promise<[key: string, value: unknown][]>;
  /** All changes or none; `undefined` removes. Calls come one after the other. */
  write(changes: readonly (readonly [key: string, value: unknown])[]): Promise<void>;
  close(): void;
}
