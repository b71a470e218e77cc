/** What is said of sensitive words on one node is so on three: each call and each socket meets the next node in turn. */

import { describe } from "bun:test";
import { deployedOn, threeNodes } from "../../../../testing/deployment.ts";

describe("three nodes, PostgreSQL and NATS", () =>
  // Under a name of its own, the module is read again.
  deployedOn(threeNodes, () => import("./sensitive-words.test.ts?three-nodes" as string)));
