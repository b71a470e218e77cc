import type { Cache } from "../cache/cache.ts";
import { IndexedDbCache } from "../cache/indexed-db-cache.ts";
import { MemoryCache } from "../cache/memory-cache.ts";
import { type FrameCodec, json } from "../connection/codec.ts";
import type { Token } from "../connection/connection.ts";
import { type Environment, runtimeEnvironment, type SocketConstructor } from "../environment.ts";
import { Engine } from "../sync/engine.ts";
import { Client } from "./client.ts";

export interface ConnectOptions {
  /** Where the server's `/connect` is: `wss://chat.example/connect`. */
  url: string;
  /** The session's token, or how to get one: asked at the start and whenever the server refuses the one in use. */
  token: Token;
  /** Whose token it is. Known before there is a connection, so that the cache can be read. */
  userId: string;
  /** Where to keep things between runs. Absent: IndexedDB in browsers, memory elsewhere. */
  cache?: Cache;
  /**
   * What kind of device this is, for those who watch the user: "ios", "desktop", a name of the app's own of at most 16
   * lower-case letters, digits and hyphens. Absent: "web" in browsers, untold elsewhere.
   */
  platform?: string;
  /**
   * Which device this is, up to 64 characters, where the token isn't bound to one: a newer connection of the same device
   * replaces the older. Absent: a device of its own with each connection.
   */
  device?: string;
  /** JSON unless `msgpack` from `@parlance/client/msgpack` is given. */
  codec?: FrameCodec;
  /** For runtimes without a WebSocket of their own, as Node before 22. */
  WebSocket?: SocketConstructor;
  /** @internal For tests that hold the clock. */
  environment?: Environment;
}

/**
 * Signs in. Resolves as soon as what the cache holds can be shown, offline too; the connection comes and goes by itself
 * from then on.
 * @example
 * const client = await connect({ url, userId: "alice", token: () => fetchToken() });
 * client.on("conversations", () => console.log(client.conversations));
 */
export async function connect(options: ConnectOptions): Promise<Client> {
  const { token, userId, codec = json, platform = isBrowser() ? "web" : undefined } = options;
  const url = telling(telling(options.url, "platform", platform), "device", options.device);
  const environment = options.environment ?? runtimeEnvironment(options.WebSocket);
  const cache = options.cache ?? (await defaultCache(userId));
  const engine = new Engine({ url, token, userId, codec, cache, environment });
  // A cache that can't be read is as good as an empty one.
  await engine.load().catch(() => {});
  const stopListening = environment.onNetwork(() => {
    if (engine.connection.status === "offline") engine.connection.start();
  });
  engine.connection.start();
  return new Client(engine, stopListening);
}

const isBrowser = (): boolean => "document" in globalThis;

const telling = (url: string, name: string, value: string | undefined): string =>
  value === undefined ? url : `${url}${url.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;

/** Private windows of some browsers have an IndexedDB that refuses to open. */
async function defaultCache(userId: string): Promise<Cache> {
  try {
    const cache = new IndexedDbCache(`parlance:${userId}`);
    await cache.load("cursor");
    return cache;
  } catch {
    return new MemoryCache();
  }
}
