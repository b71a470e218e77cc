import { expect, test } from "bun:test";
import { cacheFaults } from "./cache.contract.ts";
import { IndexedDbCache } from "./indexed-db-cache.ts";
import { MemoryCache } from "./memory-cache.ts";

test("the memory's cache does what a cache has to do", async () => {
  const cache = new MemoryCache();
  expect(await cacheFaults(() => cache)).toEqual([]);
});

test("where there is no IndexedDB the cache says so", () => {
  expect(() => new IndexedDbCache("parlance:alice")).toThrow("There is no IndexedDB here.");
});
