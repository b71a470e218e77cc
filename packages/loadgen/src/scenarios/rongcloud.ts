/** RongCloud's Server API as a busy back end calls it: signed requests, so many under way at any moment. */

import { createHash } from "node:crypto";
import { benchSecret } from "../dialects/back-end.ts";
import type { Address } from "../dialects/dialect.ts";
import { Histogram } from "../histogram.ts";
import type { Sample } from "../report.ts";
import { startCluster } from "../servers/cluster.ts";
import { type Subject, startSingle } from "../servers/subject.ts";
import { busyBetween, readCpu } from "../usage.ts";
import type { Context, Scenario } from "./scenario.ts";

const REQUESTS_AT_ONCE = 64;
const REQUEST_MILLIS = 30_000;
const USERS = 1000;

interface Call {
  name: string;
  path: string;
  /** The body of the call with this number. */
  body(number: number): string;
}

const content = encodeURIComponent(JSON.stringify({ content: "x".repeat(100) }));

const publish = (isPersisted: 0 | 1) => (number: number) =>
  `fromUserId=user-${number % USERS}&toUserId=user-${(number + 1) % USERS}&objectName=RC%3ATxtMsg&content=${content}&isPersisted=${isPersisted}`;

const calls: Call[] = [
  {
    name: "getToken",
    path: "/user/getToken.json",
    body: (number) => `userId=user-${number % USERS}&name=Load%20Generator`,
  },
  { name: "private publish, stored", path: "/message/private/publish.json", body: publish(1) },
  { name: "private publish, not stored", path: "/message/private/publish.json", body: publish(0) },
];

/** Signed anew for every request, as most SDKs do. */
function headers(number: number): Record<string, string> {
  const [nonce, timestamp] = [String(number), String(Date.now())];
  const signature = createHash("sha1")
    .update(benchSecret + nonce + timestamp)
    .digest("hex");
  return {
    "app-key": "benchkey",
    nonce,
    timestamp,
    signature,
    "content-type": "application/x-www-form-urlencoded",
  };
}

async function send({ host, port }: Address, { path, body }: Call, number: number): Promise<void> {
  const answer = await fetch(`http://${host}:${port}${path}`, {
    method: "POST",
    headers: headers(number),
    body: body(number),
    signal: AbortSignal.timeout(REQUEST_MILLIS),
  });
  const { code, errorMessage } = (await answer.json()) as { code: number; errorMessage?: string };
  if (code !== 200) throw new Error(`${path} answered ${code}: ${errorMessage}`);
}

/** Keeps the requests under way for so long; what was begun is waited for, and counts. */
async function keepBusy(address: Address, call: Call, millis: number): Promise<Histogram> {
  const took = new Histogram();
  const end = performance.now() + millis;
  let next = 0;
  const work = async () => {
    while (performance.now() < end) {
      const began = performance.now();
      await send(address, call, next++);
      took.record((performance.now() - began) * 1000);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, work));
  return took;
}

async function measure(subject: Subject, call: Call, { scale }: Context): Promise<Sample[]> {
  const [address] = subject.addresses as [Address];
  await keepBusy(address, call, scale.warmUpMillis);
  const pids: number[][] = [subject.pids, [process.pid]];
  const before = pids.map(readCpu);
  const began = performance.now();
  const took = await keepBusy(address, call, scale.saturationMillis);
  const seconds = (performance.now() - began) / 1000;
  const [server, generator] = pids.map((of, side) => busyBetween(before[side] ?? {}, readCpu(of), seconds));
  const quantile = (share: number) => (took.quantile(share) ?? Number.NaN) / 1000;
  return [
    {
      measure: `${call.name}: requests answered`,
      value: took.count / seconds,
      unit: "per second",
      ...(server && generator && { busy: { server, generator } }),
    },
    { measure: `${call.name}: p50`, value: quantile(0.5), unit: "ms" },
    { measure: `${call.name}: p99`, value: quantile(0.99), unit: "ms" },
  ];
}

const rongcloud = (name: string, title: string, start: () => Promise<Subject>): Scenario => ({
  name,
  title,
  runs: 3,
  async run(context): Promise<Sample[]> {
    const subject = await start();
    try {
      const samples: Sample[] = [];
      for (const call of calls) samples.push(...(await measure(subject, call, context)));
      return samples;
    } finally {
      await subject.stop();
    }
  },
});

const what = `RongCloud's API, ${REQUESTS_AT_ONCE} signed requests at once`;

export const rongcloudScenarios: Scenario[] = [
  rongcloud("rongcloud", `Parlance, ${what}`, () => startSingle("parlance")),
  rongcloud("rongcloud-postgres", `Parlance over PostgreSQL, ${what}`, () => startCluster(1)),
];
