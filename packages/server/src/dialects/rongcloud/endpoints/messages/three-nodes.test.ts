/** What one node does of a back end's calls, three do: each call and each socket meets the next node in turn. */

import { describe } from "bun:test";
import { deployedOn, threeNodes } from "../../../../testing/deployment.ts";

for (const suite of ["./direct.test.ts", "./groups-and-templates.test.ts", "./changing.test.ts"])
  describe(`three nodes, PostgreSQL and NATS: ${suite}`, () =>
    // Under a name of its own, the module is read again.
    deployedOn(threeNodes, () => import(`${suite}?three-nodes`)));
