/** Everything that I2A's suites say of one node is so of three: each call and each socket meets the next node in turn. */

import { describe } from "bun:test";
import { deployedOn, threeNodes } from "../../testing/deployment.ts";

const suites = [
  "./endpoints/endpoints.test.ts",
  "./endpoints/refusals.test.ts",
  "./socket/connecting.test.ts",
  "./socket/frames.test.ts",
  "./socket/history.test.ts",
  "./socket/live.test.ts",
  "./socket/reading.test.ts",
  "./fuzz.test.ts",
];

for (const suite of suites)
  describe(`three nodes, PostgreSQL and NATS: ${suite}`, () =>
    // Under a name of its own, the module is read again.
    deployedOn(threeNodes, () => import(`${suite}?three-nodes`)));
