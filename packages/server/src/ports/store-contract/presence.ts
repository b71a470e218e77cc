import { describe, expect, test } from "bun:test";
import type { AppStore } from "../store.ts";
import { type NewConnection, nodeClock, type PresentConnection } from "../store-presence.ts";
import { type Fixture, unique } from "./fixture.ts";
import { untilEnded } from "./nodes.ts";

let connections = 0;
const device = (userId: string, deviceId = "phone"): PresentConnection => ({
  userId,
  deviceId,
  connectionId: ++connections,
  platform: "",
});

/** `ago`: milliseconds since all of them were opened. */
type Change = Partial<Record<"returned" | "arrived" | "claimed", PresentConnection[]>> & {
  left?: number[];
  ago?: number;
};

const update = (
  own: AppStore,
  leaseId: number,
  { left = [], returned = [], arrived = [], claimed = [], ago = 0 }: Change,
  most: number | null = null,
) => {
  const toNew = (connection: PresentConnection): NewConnection => ({
    ...connection,
    openedAt: nodeClock() - ago,
  });
  return own.updatePresence(
    leaseId,
    { left, returned: returned.map(toNew), arrived: arrived.map(toNew), claimed: claimed.map(toNew) },
    most,
  );
};

const fine = { refused: [], held: [], replaced: [] };

export const presenceContract = (fixture: Fixture): void => {
  const prepare = async () => {
    const [{ own }, here, there] = [
      await fixture.newApp(),
      await fixture.newLease(),
      await fixture.newLease(),
    ];
    return { own, here, there };
  };

  describe("presence", () => {
    test("who arrived is online until the last device left", async () => {
      const { own, here, there } = await prepare();
      const [phone, laptop, ben] = [device("ann"), device("ann", "laptop"), device("ben")];
      expect(await update(own, here, { arrived: [phone, ben] })).toEqual(fine);
      expect(await update(own, there, { arrived: [{ ...laptop, platform: "desktop" }] })).toEqual(fine);
      expect([await own.countOnline(), await own.listOnline(null, 10)]).toEqual([2, ["ann", "ben"]]);
      const found = (await own.findPresence(["ann", "nobody"])).sort((a, b) => a.leaseId - b.leaseId);
      expect(found).toMatchObject([
        { ...phone, leaseId: here },
        { ...laptop, platform: "desktop", leaseId: there },
      ]);
      expect(Math.abs((found[0]?.since ?? 0) / 1000 - Date.now())).toBeLessThan(30_000);
      await update(own, here, { left: [phone.connectionId] });
      expect(await own.listOnline(null, 10)).toEqual(["ann", "ben"]);
      await update(own, there, { left: [laptop.connectionId] });
      expect([await own.listOnline(null, 10), await own.countOnline()]).toEqual([["ben"], 1]);
    });

    test("comes in pages", async () => {
      const { own, here } = await prepare();
      await update(own, here, { arrived: ["d", "b", "a", "c", "B"].map((userId) => device(userId)) });
      expect(await own.listOnline(null, 2)).toEqual(["B", "a"]);
      expect(await own.listOnline("a", 2)).toEqual(["b", "c"]);
      expect(await own.listOnline("c", 2)).toEqual(["d"]);
      expect(await own.listOnline(null, 0)).toEqual([]);
    });

    test("takes thousands at once, the same device twice, and ids as they are", async () => {
      const { own, here } = await prepare();
      const crowd = Array.from({ length: 1300 }, (_, index) => device(`user-${index}`));
      const strange = ["a'b", "ä", "🙂", "a\nb", ""].map((userId) => device(userId, userId));
      const again = device("user-0");
      await update(own, here, { arrived: [...crowd, ...strange, again] });
      expect(await own.countOnline()).toBe(1305);
      expect(await own.findPresence(["user-0"])).toMatchObject([again]);
      await update(own, here, { left: crowd.slice(1).map(({ connectionId }) => connectionId) });
      expect(await own.countOnline()).toBe(6);
    });

    test("one that left late takes nothing from the one that took its place", async () => {
      const { own, here, there } = await prepare();
      const [older, newer] = [device("ann"), device("ann")];
      await update(own, here, { arrived: [older] });
      const { replaced } = (await update(own, there, { arrived: [newer] })) ?? {};
      expect(replaced).toEqual([
        { userId: "ann", deviceId: "phone", leaseId: here, connectionId: older.connectionId },
      ]);
      // The same again, as after an answer that was lost, says the same.
      expect((await update(own, there, { arrived: [newer] }))?.replaced).toEqual(replaced);
      await update(own, here, { left: [older.connectionId, newer.connectionId] });
      expect(await own.findPresence(["ann"])).toMatchObject([newer]);
    });

    test("two nodes that connect a device at once agree on who lost it", async () => {
      const { own, here, there } = await prepare();
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, round) => {
          const [one, other] = [device(`user-${round}`), device(`user-${round}`)];
          return Promise.all([
            update(own, here, { arrived: [one] }),
            update(own, there, { arrived: [other] }),
          ]);
        }),
      );
      for (const pair of results)
        expect(pair.flatMap((result) => [result?.replaced, result?.held].flat())).toHaveLength(1);
    });

    test("the one that was opened later keeps the device, whichever is written first", async () => {
      const { own, here, there } = await prepare();
      const [older, newer] = [device("ann"), device("ann")];
      expect(await update(own, there, { arrived: [newer], ago: 5000 })).toEqual(fine);
      expect(await update(own, here, { arrived: [older], ago: 60_000 })).toEqual({
        ...fine,
        held: [older.connectionId],
      });
      expect(await own.findPresence(["ann"])).toMatchObject([{ ...newer, leaseId: there }]);
      // What is left of a dead node is in nobody's way.
      await fixture.store.nodes.endLease(there);
      expect(await update(own, here, { arrived: [older], ago: 60_000 })).toEqual(fine);
      expect(await own.findPresence(["ann"])).toMatchObject([{ ...older, leaseId: here }]);
    });

    test.each(["claimed", "returned"] as const)(
      "who %s takes what is free, and leaves what a live node or a newer connection holds",
      async (kind) => {
        const { own, here, there } = await prepare();
        const dying = await fixture.newLease();
        const [phone, laptop, watch, tablet] = ["phone", "laptop", "watch", "tablet"].map((name) =>
          device("ann", name),
        ) as [PresentConnection, PresentConnection, PresentConnection, PresentConnection];
        const newerTablet = device("ann", "tablet");
        await update(own, there, { arrived: [phone] });
        await update(own, dying, { arrived: [laptop] });
        await update(own, here, { arrived: [newerTablet] });
        await fixture.store.nodes.endLease(dying);
        const asking = [device("ann", "phone"), device("ann", "laptop"), watch, tablet];
        const result = await update(own, here, { [kind]: asking });
        expect(result?.held).toEqual([asking[0]?.connectionId as number, tablet.connectionId]);
        expect(
          (await own.findPresence(["ann"])).map(({ deviceId, leaseId }) => [deviceId, leaseId]).sort(),
        ).toEqual([
          ["laptop", here],
          ["phone", there],
          ["tablet", here],
          ["watch", here],
        ]);
        expect((await update(own, here, { [kind]: [watch, newerTablet] }))?.held).toEqual([]);
      },
    );

    test("of two connections of a device the newer one is written, in whatever order they come", async () => {
      const { own, here } = await prepare();
      const [older, newer] = [device("ann"), device("ann")];
      const result = await update(own, here, { arrived: [newer, older] });
      expect(result).toEqual({ ...fine, held: [older.connectionId] });
      expect(await own.findPresence(["ann"])).toMatchObject([newer]);
    });

    test("who only asks ends no connection that is open", async () => {
      const { own, here } = await prepare();
      const [ann, ben] = [device("ann"), device("ben")];
      const claimed = [device("ann"), device("ben")];
      expect(await update(own, here, { returned: [ann], arrived: [ben], claimed })).toEqual(fine);
    });
  });

  describe("a lease that has ended", () => {
    test("takes everybody of its node offline at once, and nothing is written under it", async () => {
      const { own, there } = await prepare();
      const short = await fixture.newLease();
      const both = device("ben");
      await update(own, short, { arrived: [device("ann"), device("ben", "laptop")] });
      await update(own, there, { arrived: [both] });
      await fixture.store.nodes.renewLease(short, 1);
      await untilEnded(fixture, short);
      expect([await own.countOnline(), await own.listOnline(null, 10)]).toEqual([1, ["ben"]]);
      expect(await own.findPresence(["ann", "ben"])).toMatchObject([both]);
      expect(await update(own, short, { arrived: [device("cid")] })).toBeNull();
      expect(await update(own, 12_345, { arrived: [device("cid")] })).toBeNull();
      expect(await own.countOnline()).toBe(1);
    });

    test("leaves rows that any node removes, in pieces; those of the living stay", async () => {
      const { nodes } = fixture.store;
      while ((await nodes.purge(1000)) > 0);
      const { own, here, there } = await prepare();
      const arrived = Array.from({ length: 25 }, (_, index) => device(`user-${index}`));
      await update(own, here, { arrived });
      await update(own, there, { arrived: [device("ann")] });
      expect(await nodes.purge(1000)).toBe(0);
      await nodes.endLease(here);
      expect([await nodes.purge(10), await nodes.purge(10), await nodes.purge(10)]).toEqual([10, 10, 5]);
      expect(await own.listOnline(null, 10)).toEqual(["ann"]);
      // People see for a while that it was there.
      const seen = (await nodes.list()).filter(({ leaseId }) => leaseId === here || leaseId === there);
      expect(seen.map(({ connections }) => connections)).toEqual([0, 1]);
      expect(await nodes.purge(0)).toBe(0);
      expect(await nodes.purge(-1)).toBe(0);
    });

    test("ends for all others when a node says that it is alone", async () => {
      const { own, here } = await prepare();
      await update(own, here, { arrived: [device("ann")] });
      const facts = { nodeId: unique("node"), address: "", version: "" };
      const alone = await fixture.store.nodes.takeLease(facts, 60_000, true);
      expect(await fixture.store.nodes.listLiveLeases()).toEqual([alone]);
      expect(await own.countOnline()).toBe(0);
    });
  });

  describe("the limit of users online", () => {
    test("refuses new users and no further device of those who are there, on whichever node", async () => {
      const { own, here, there } = await prepare();
      const [ann, ben, cid] = [device("ann"), device("ben"), device("cid")];
      expect(await update(own, here, { claimed: [ann, ben, cid] }, 2)).toEqual({
        ...fine,
        refused: [cid.connectionId],
      });
      const [laptop, dan] = [device("ann", "laptop"), device("dan")];
      expect(await update(own, there, { claimed: [laptop], arrived: [dan] }, 2)).toEqual({
        ...fine,
        refused: [dan.connectionId],
      });
      expect(await own.listOnline(null, 10)).toEqual(["ann", "ben"]);
      // Who leaves in the same update makes a place.
      expect(await update(own, here, { left: [ben.connectionId], claimed: [cid] }, 2)).toEqual(fine);
      expect(await own.listOnline(null, 10)).toEqual(["ann", "cid"]);
    });

    test("lets in who is connected already before who asks for a place", async () => {
      const { own, here } = await prepare();
      const [ann, ben, cid] = [device("ann"), device("ben"), device("cid")];
      expect(await update(own, here, { claimed: [cid], arrived: [ann], returned: [ben] }, 2)).toEqual({
        ...fine,
        refused: [cid.connectionId],
      });
      expect(await own.listOnline(null, 10)).toEqual(["ann", "ben"]);
    });

    test("holds when nodes admit the last places at once", async () => {
      const { own, here, there } = await prepare();
      const results = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          update(own, index % 2 === 0 ? here : there, { claimed: [device(`user-${index}`)] }, 5),
        ),
      );
      expect(results.filter((result) => result?.refused.length === 0)).toHaveLength(5);
      expect(await own.countOnline()).toBe(5);
    });

    test("frees the places of a dead node, and may be lowered below those who are there", async () => {
      const { own, here, there } = await prepare();
      await update(own, here, { arrived: [device("ann"), device("ben")] }, 2);
      expect((await update(own, there, { claimed: [device("cid")] }, 1))?.refused).toHaveLength(1);
      await fixture.store.nodes.endLease(here);
      expect((await update(own, there, { claimed: [device("cid")] }, 1))?.refused).toEqual([]);
      expect(await own.listOnline(null, 10)).toEqual(["cid"]);
    });
  });
};
