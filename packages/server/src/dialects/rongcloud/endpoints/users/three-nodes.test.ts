/** What is so of users on one node is so on three: each call and each connection meets the next node in turn. */

import { describe } from "bun:test";
import { deployedOn, threeNodes } from "../../../../testing/deployment.ts";

for (const suite of ["./registration.test.ts", "./standing.test.ts", "./contacts.test.ts"])
  describe(`three nodes, PostgreSQL and NATS: ${suite}`, () =>
    // Under a name of its own, the module is read again.
    deployedOn(threeNodes, () => import(`${suite}?three-nodes`)));
