/**
 * Measures the bus: one publisher and some receivers, a process each, on a nats-server of their own. Run it with the
 * runtime: `bun packages/server/src/adapters/bus-nats/testing/measure.ts`.
 */

import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startNatsServer } from "../../../testing/nats-server.ts";
import { createNatsBus } from "../nats-bus.ts";

interface Result {
  messages: number;
  seconds: number;
  cpuMicros: number;
  gaps: number;
  dropped: number;
}

const event = (number: number) => ({ kind: "messageSent", number, text: "x".repeat(262) });
const subject = "app.1.events";

async function receive(url: string, count: number): Promise<void> {
  const bus = await createNatsBus({ url, onHandlerError: console.error });
  let messages = 0;
  let startedAt = 0;
  let cpu = process.cpuUsage();
  const done = new Promise<void>((resolve) => {
    bus.subscribe(subject, () => {
      if (messages++ === 0) {
        startedAt = performance.now();
        cpu = process.cpuUsage();
      }
      if (messages === count) resolve();
    });
  });
  await bus.ready();
  process.send?.("ready");
  await done;
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  process.send?.({
    messages,
    seconds,
    cpuMicros: user + system,
    gaps: bus.stats.gaps,
    dropped: 0,
  } satisfies Result);
  await bus.close();
  process.disconnect?.();
}

async function publish(url: string, count: number, perTurn: number): Promise<void> {
  const bus = await createNatsBus({ url, onHandlerError: console.error });
  // What the runtime needs to get warm is not ours.
  for (let number = 0; number < 20_000; number++) bus.publish("warm.up", event(number));
  await bus.ready();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let sent = 0; sent < count; ) {
    for (let turn = 0; turn < perTurn && sent < count; turn++) bus.publish(subject, event(sent++));
    await new Promise((go) => setImmediate(go));
  }
  await bus.ready();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - startedAt) / 1000;
  process.send?.({
    messages: count,
    seconds,
    cpuMicros: user + system,
    gaps: 0,
    dropped: bus.stats.droppedMessages,
  } satisfies Result);
  await bus.close();
  process.disconnect?.();
}

async function measure(count: number, perTurn: number, receivers: number): Promise<string> {
  const nats = await startNatsServer();
  const me = fileURLToPath(import.meta.url);
  const start = (args: (string | number)[]) => fork(me, [nats.url, ...args.map(String)]);
  const next = <T>(child: ReturnType<typeof start>) =>
    new Promise<T>((go) => child.once("message", (m) => go(m as T)));
  const children = Array.from({ length: receivers }, () => start(["receive", count]));
  await Promise.all(children.map((child) => next<string>(child)));
  const results = children.map((child) => next<Result>(child));
  const sent = await next<Result>(start(["publish", count, perTurn]));
  const heard = await Promise.all(results);
  await nats.close();
  const slowest = Math.max(...heard.map(({ seconds }) => seconds));
  const perMessage = (result: Result) => (result.cpuMicros / result.messages).toFixed(2);
  return [
    `${perTurn} a turn, ${receivers} receivers:`,
    `${Math.round(count / slowest)} messages/s,`,
    `CPU us a message: publisher ${perMessage(sent)}, receiver ${heard.map(perMessage).join(" ")};`,
    `gaps ${heard.map(({ gaps }) => gaps).join(" ")}, dropped ${sent.dropped}`,
  ].join(" ");
}

const [url, role, count, perTurn] = process.argv.slice(2);
if (url && role === "receive") await receive(url, Number(count));
else if (url) await publish(url, Number(count), Number(perTurn));
else {
  for (const [turn, total] of [
    [1, 100_000],
    [10, 300_000],
    [100, 300_000],
  ] as const)
    console.log(await measure(total, turn, 1));
  console.log(await measure(300_000, 10, 3));
}
