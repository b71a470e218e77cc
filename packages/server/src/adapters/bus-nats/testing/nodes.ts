/** Nodes on one nats-server, which end with the test. Imported by tests only. */

import { afterEach } from "bun:test";
import { startNatsServer } from "../../../testing/nats-server.ts";
import { startTcpProxy } from "../../../testing/tcp-proxy.ts";
import { createNatsBus, type NatsBusOptions } from "../nats-bus.ts";

/** Waits for a condition; fails with what it waited for. */
export async function until(what: string, isTrue: () => boolean, milliseconds = 20_000): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error(`not within ${milliseconds} ms: ${what}`);
    await new Promise((go) => setTimeout(go, 5));
  }
}

export const natsNodes = () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  const startNats = async (options?: Parameters<typeof startNatsServer>[0]) => {
    const nats = await startNatsServer(options);
    cleanups.push(() => nats.close());
    return nats;
  };
  const startProxy = async (port: number) => {
    const proxy = await startTcpProxy(port);
    cleanups.push(() => proxy.close());
    return Object.assign(proxy, { url: `nats://127.0.0.1:${proxy.port}` });
  };
  /** A bus that remembers what it said. */
  const openNode = async (url: string, options: Partial<NatsBusOptions> = {}) => {
    const gaps: (string | null)[] = [];
    const failures: string[] = [];
    const errors: unknown[] = [];
    const bus = await createNatsBus({
      url,
      onHandlerError: (error) => errors.push(error),
      onFailure: (error) => failures.push(error.message),
      ...options,
    });
    cleanups.push(() => bus.close());
    bus.onGap((subject) => gaps.push(subject));
    /** Subscribes and gives the list that grows, once NATS knows. */
    const hear = async (subject: string): Promise<unknown[]> => {
      const heard: unknown[] = [];
      bus.subscribe(subject, (message) => heard.push(message));
      await bus.ready();
      return heard;
    };
    return { bus, gaps, failures, errors, hear };
  };
  return { startNats, startProxy, openNode };
};
