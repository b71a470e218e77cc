import { expect, test } from "bun:test";
import type { Core } from "../core/core.ts";
import type { MessageSent } from "../core/events.ts";
import { OnlineUser } from "../core/presence/online-user.ts";
import type { AppGateway } from "./app-gateway.ts";
import { Connection } from "./connection.ts";
import { deliverTo } from "./fan-out.ts";
import { Outbox } from "./outbox.ts";
import { OwnEchoes } from "./own-echoes.ts";
import type { SocketDialect } from "./socket-dialect.ts";

const core = {} as Core;
const dialect: SocketDialect = {
  name: "plain",
  matches: () => true,
  identify: () => Promise.reject(new Error("nobody asks")),
  refuse: () => new Response(),
  receive: () => undefined,
  encode: (_core, event) => [String((event as MessageSent).message.seq)],
};

const message = (conversationId: number, seq: number) =>
  ({ kind: "messageSent", message: { conversationId, seq } }) as MessageSent;

test("what a connection was given of its own it is not given again; its user's other device is", () => {
  const outbox = new Outbox(1000);
  const user = new OnlineUser<Connection>("ann");
  const [laptop, phone] = ["laptop", "phone"].map((deviceId) => {
    const visitor = { core, userId: "ann", deviceId, tokenHash: deviceId, fcmToken: null };
    const connection = new Connection(visitor, dialect, outbox, {} as AppGateway);
    connection.state = "open";
    user.links.push(connection);
    return connection;
  }) as [Connection, Connection];
  laptop.echoes = new OwnEchoes();
  laptop.echoes.add(1, 7);
  for (const event of [message(1, 6), message(1, 7), message(2, 7)]) deliverTo(core, [user], outbox, event);
  expect(laptop.pending).toEqual(["6", "7"]);
  expect(phone.pending).toEqual(["6", "7", "7"]);
});

test("a hundred are remembered, the oldest are forgotten", () => {
  const echoes = new OwnEchoes();
  for (let seq = 1; seq <= 101; seq++) echoes.add(1, seq);
  const known = [1, 2, 101].map((seq) => echoes.has({ conversationId: 1, seq }));
  expect(known).toEqual([false, true, true]);
});
