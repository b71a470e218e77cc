/** What is asked of one node is so of three: each call and each socket meets the next node in turn. */

import { describe } from "bun:test";
import { deployedOn, threeNodes } from "../../../../testing/deployment.ts";

const suites = ["./history.test.ts"];

for (const suite of suites)
  describe(`three nodes, PostgreSQL and NATS: ${suite}`, () =>
    // Under a name of its own, the module is read again.
    deployedOn(threeNodes, () => import(`${suite}?three-nodes`)));
