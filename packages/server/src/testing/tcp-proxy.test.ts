import { afterEach, describe, expect, test } from "bun:test";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const startEcho = async (): Promise<number> => {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
};

const start = async (): Promise<TcpProxy> => {
  const proxy = await startTcpProxy(await startEcho());
  cleanups.push(() => proxy.close());
  return proxy;
};

/** A connection that remembers what it received. */
const open = async (proxy: TcpProxy) => {
  const socket: Socket = connect({ port: proxy.port, host: "127.0.0.1" });
  cleanups.push(() => socket.destroy());
  socket.on("error", () => {});
  const chunks: Buffer[] = [];
  let length = 0;
  let wake = () => {};
  socket.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    wake();
  });
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await once(socket, "connect");
  return {
    socket,
    closed,
    bytes: () => Buffer.concat(chunks),
    received: (count: number) =>
      new Promise<Buffer>((resolve) => {
        wake = () => {
          if (length >= count) resolve(Buffer.concat(chunks));
        };
        wake();
      }),
  };
};

describe("the TCP proxy for tests", () => {
  test("passes megabytes unchanged, and the end of a stream", async () => {
    const proxy = await start();
    const client = await open(proxy);
    const sent = Buffer.alloc(5_000_000, "0123456789abcdef!");
    const ended = once(client.socket, "end");
    client.socket.end(sent);
    expect((await client.received(sent.length)).equals(sent)).toBe(true);
    await ended;
    await client.closed;
  });

  test("cuts links, refuses new ones, and lets them in again", async () => {
    const proxy = await start();
    const client = await open(proxy);
    client.socket.write("a");
    await client.received(1);
    expect(proxy.links).toBe(1);
    proxy.cut();
    await client.closed;
    expect(proxy.links).toBe(0);
    await (await open(proxy)).closed;
    proxy.restore();
    const next = await open(proxy);
    next.socket.write("b");
    expect((await next.received(1)).toString()).toBe("b");
  });

  test("holds everything back while paused, on old links and new ones, and loses nothing", async () => {
    const proxy = await start();
    const old = await open(proxy);
    old.socket.write("1");
    await old.received(1);
    proxy.pause();
    const young = await open(proxy);
    const much = Buffer.alloc(3_000_000, "x");
    old.socket.write(much);
    young.socket.write("2");
    await Bun.sleep(100);
    expect([old.bytes().length, young.bytes().length]).toEqual([1, 0]);
    proxy.restore();
    await old.received(1 + much.length);
    expect((await young.received(1)).toString()).toBe("2");
  });

  test("delays every chunk, in order", async () => {
    const proxy = await start();
    const client = await open(proxy);
    proxy.delay(60);
    const since = performance.now();
    client.socket.write("a");
    client.socket.write("b");
    expect((await client.received(2)).toString()).toBe("ab");
    expect(performance.now() - since).toBeGreaterThan(110);
    proxy.restore();
    client.socket.write("c");
    expect((await client.received(3)).toString()).toBe("abc");
  });

  test("sends away whoever comes while the target is gone", async () => {
    const proxy = await startTcpProxy(1);
    cleanups.push(() => proxy.close());
    await (await open(proxy)).closed;
    expect(proxy.links).toBe(0);
  });
});
