import { afterAll, beforeAll, expect, test } from "bun:test";
import { failureOf } from "../testing/failure-of.ts";
import { type NatsServer, startNatsServer } from "../testing/nats-server.ts";
import { openBus } from "./open-bus.ts";

let nats: NatsServer;
beforeAll(async () => {
  nats = await startNatsServer({ credentials: "ann:secret-of-ann" });
});
afterAll(() => nats.close());

const handlers = {
  onHandlerError(error: unknown) {
    throw error;
  },
};

test("local is a bus within the process", async () => {
  const bus = await openBus({ bus: "local" }, handlers);
  expect(bus.stats).toBeUndefined();
  await bus.close();
});

test("an address of NATS is a bus between processes", async () => {
  const bus = await openBus({ bus: nats.url }, handlers);
  expect(bus.stats?.isConnected).toBe(true);
  await bus.close();
});

test("what is wrong is said with the setting's name and without the password", async () => {
  const wrong = nats.url.replace("secret-of-ann", "secret-of-bob");
  expect(await failureOf(openBus({ bus: wrong }, handlers))).toMatch(
    `NATS at 127.0.0.1:${nats.port} refuses the user or password. PARLANCE_BUS names it.`,
  );
});
