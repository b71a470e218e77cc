/** Everything that the native suites say of one node is so of three: each call and each socket meets the next node in turn. */

import { describe } from "bun:test";
import { deployedOn, threeNodes } from "../../testing/deployment.ts";

const suites = [
  "./connecting.test.ts",
  "./messages.test.ts",
  "./changes.test.ts",
  "./conversations.test.ts",
  "./people.test.ts",
  "./chatrooms.test.ts",
  "./frames.test.ts",
  "./fuzz.test.ts",
];

for (const suite of suites)
  describe(`three nodes, PostgreSQL and NATS: ${suite}`, () =>
    // Under a name of its own, the module is read again.
    deployedOn(threeNodes, () => import(`${suite}?three-nodes`)));
