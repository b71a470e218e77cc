/** Rates that an app's operator sets, on running nodes. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { openStore } from "../../adapters/open-store.ts";
import type { Store } from "../../ports/store.ts";
import { deployedOn, oneNode, threeNodes } from "../../testing/deployment.ts";
import { useRongcloudWorld } from "../../testing/rongcloud-world.ts";
import { until } from "../../testing/until.ts";

describe.each([
  ["one node", oneNode],
  ["three nodes", threeNodes],
])("on %s", (_, deployment) => {
  void deployedOn(deployment, async () => {
    const world = useRongcloudWorld();
    let beside: Store;
    beforeAll(async () => {
      const [node] = world.native.i2a.nodes;
      beside = await openStore({ ...node?.config, dataDir: node?.dataDir as string });
    });
    afterAll(() => beside?.close());

    test("an endpoint is closed to an app and opened again, on every node; others go on", async () => {
      const call = () => world.call("/sensitiveword/list.json");
      const all = () => Promise.all(Array.from({ length: 6 }, call));
      const isEach = (status: number) => async () =>
        (await all()).every((answer) => answer.status === status);
      expect(await isEach(200)()).toBe(true);
      await beside.apps.update("shop", { settings: { "rate./sensitiveword/list": "0" } });
      await until("no node answers", isEach(429));
      const { status, body, headers } = await call();
      expect([status, body, headers?.get("retry-after")]).toEqual([
        429,
        {
          code: 1008,
          errorMessage: "The call frequency exceeds the limit.",
          url: "/sensitiveword/list.json",
        },
        "1",
      ]);
      await world.ok("/sensitiveword/delete.json", { word: "x" });
      expect((await world.bank.call("/sensitiveword/list.json")).status).toBe(200);
      await beside.apps.update("shop", { settings: { "rate./sensitiveword/list": null } });
      await until("every node answers", isEach(200));
    });
  });
});
