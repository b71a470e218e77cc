import { afterEach, describe, test } from "bun:test";
import { natsNodes } from "../../adapters/bus-nats/testing/nodes.ts";
import { until } from "../../testing/until.ts";
import { createRouter, type Router } from "./router.ts";
import { messageSent } from "./testing/simulated-node.ts";

const { startNats, startProxy, openNode } = natsNodes();
const routers: Router[] = [];
// Before their buses, which were opened first and are closed by hooks that were added first.
afterEach(() => {
  for (const router of routers.splice(0)) router.stop();
});

const app = 1;
const room = 7;

/** Nodes with somebody who hears the room, each with a line to NATS of its own; the store is a count of messages. */
async function startNodes() {
  const nats = await startNats();
  let stored = 0;
  const open = async () => {
    const line = await startProxy(nats.port);
    const { bus } = await openNode(line.url);
    const router = createRouter({ bus, largeListeners: 500, mostKeys: 1000, onError: console.error });
    routers.push(router);
    const node = {
      line,
      router,
      /** How much of the log the listener has. */
      position: 0,
      events: 0,
      store: () => ++stored,
      send: () => router.publish(app, messageSent(room, ++stored)),
    };
    const interest = router.join(app, {
      handle(event) {
        node.events++;
        if (event.kind === "messageSent") node.position = Math.max(node.position, event.message.seq);
      },
      recheck() {
        node.position = stored;
      },
      crowds: () => [],
    });
    await router.ready;
    await interest.addConversations([room]);
    node.position = stored;
    return node;
  };
  const [one, two, three] = [await open(), await open(), await open()];
  const nodes = [one, two, three];
  const know = (count: number) => () => nodes.every(({ router }) => router.stats.peers === count);
  await until("all know each other", know(2));
  const caughtUp = (some = nodes) =>
    until("all have all", () => some.every(({ position }) => position === stored));
  return { nats, open, one, two, three, nodes, know, caughtUp };
}

describe("routers over NATS", () => {
  test("NATS is killed and started again while people write: all have all, though nothing more is sent", async () => {
    const { nats, nodes, caughtUp } = await startNodes();
    for (const { send } of nodes) send();
    await caughtUp();
    await nats.kill();
    for (let count = 0; count < 20; count++) for (const { send } of nodes) send();
    await nats.start();
    for (const { send } of nodes) send();
    await caughtUp();
  }, 60_000);

  test("a node's line is cut: it and the others have all, though nothing more is sent", async () => {
    const { one, two, caughtUp } = await startNodes();
    two.line.cut();
    for (let count = 0; count < 20; count++) one.send();
    for (let count = 0; count < 20; count++) two.send();
    two.line.restore();
    await caughtUp();
  }, 60_000);

  test("a node stores a message and dies: the others find it, and it is heard again when it comes back", async () => {
    const { one, two, three, open, caughtUp } = await startNodes();
    three.store();
    // As the others see a killed process: its connection ends, and it says no more.
    three.line.cut();
    await caughtUp([one, two]);
    const again = await open();
    await until("it is known", () => one.router.stats.peers >= 2 && again.router.stats.peers === 2);
    again.send();
    const before = again.events;
    // One after the other: a link that is given up on a busy machine loses some, which are then read.
    await until("it hears, and does not only read", () => {
      one.send();
      return again.events > before;
    });
    await caughtUp([one, two, again]);
  }, 60_000);
});
