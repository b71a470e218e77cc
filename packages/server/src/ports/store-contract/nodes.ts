import { describe, expect, test } from "bun:test";
import { type Fixture, unique } from "./fixture.ts";

/** Resolves when the lease has ended by the store's clock. */
export const untilEnded = async ({ store }: Fixture, leaseId: number): Promise<void> => {
  while ((await store.nodes.listLiveLeases()).includes(leaseId)) await new Promise((go) => setTimeout(go, 5));
};

export const nodesContract = (fixture: Fixture): void => {
  const find = async (leaseId: number) =>
    (await fixture.store.nodes.list()).find((node) => node.leaseId === leaseId);

  describe("nodes", () => {
    test("a lease names its node, and lasts", async () => {
      const nodeId = unique("node");
      const { nodes } = fixture.store;
      const leaseId = await nodes.takeLease({ nodeId, address: "a:1", version: "9" }, 60_000, false);
      expect(await nodes.listLiveLeases()).toContain(leaseId);
      const node = await find(leaseId);
      expect(node).toMatchObject({ nodeId, address: "a:1", version: "9", leaseId, connections: 0 });
      expect(node?.remaining).toBeWithin(0, 60_001);
      expect(Math.abs((node?.startedAt ?? 0) - Date.now())).toBeLessThan(30_000);
    });

    test("a lease that is renewed lasts longer", async () => {
      const leaseId = await fixture.newLease();
      expect(await fixture.store.nodes.renewLease(leaseId, 600_000)).toBe(true);
      expect((await find(leaseId))?.remaining).toBeGreaterThan(60_000);
    });

    test("a lease that has ended stays so, and its node may take another", async () => {
      const leaseId = await fixture.newLease(1);
      await untilEnded(fixture, leaseId);
      const { nodes } = fixture.store;
      expect(await nodes.renewLease(leaseId, 60_000)).toBe(false);
      expect(await nodes.listLiveLeases()).not.toContain(leaseId);
      expect((await find(leaseId))?.remaining).toBeLessThanOrEqual(0);
      expect(await fixture.newLease()).toBeGreaterThan(leaseId);
    });

    test("a lease that is ended, and one that nobody took, can't be renewed", async () => {
      const leaseId = await fixture.newLease();
      const { nodes } = fixture.store;
      await nodes.endLease(leaseId);
      await nodes.endLease(leaseId);
      expect(await nodes.renewLease(leaseId, 60_000)).toBe(false);
      expect(await nodes.renewLease(12_345, 60_000)).toBe(false);
    });

    test("leases that are taken at once all differ", async () => {
      const ids = await Promise.all(Array.from({ length: 20 }, () => fixture.newLease()));
      expect(new Set(ids).size).toBe(20);
    });
  });
};
