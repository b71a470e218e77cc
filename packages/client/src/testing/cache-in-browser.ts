/** Runs in a page: the contract of caches, over the browser's IndexedDB. */

import { cacheFaults } from "../cache/cache.contract.ts";
import { IndexedDbCache } from "../cache/indexed-db-cache.ts";

const page = globalThis as { faults?: string[] };

page.faults = await cacheFaults(() => new IndexedDbCache("parlance:alice")).catch((error) => [String(error)]);
