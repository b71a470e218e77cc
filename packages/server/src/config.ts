/**
 * The table of settings. `Config`, the reading of sources (`config/load.ts`), the `config` command and the messages
 * about wrong values derive from it; nothing else in the house reads the environment.
 */

import { appList } from "./config/app-declaration.ts";
import { type Environment, type Loaded, loadSettings, type ValuesOf } from "./config/load.ts";
import { busAddress } from "./config/nats-url.ts";
import { publicUrl } from "./config/public-url.ts";
import { choice, flag, type Setting, text, wholeNumber } from "./config/setting.ts";
import { storeAddress } from "./config/store-address.ts";

const MiB = 1024 * 1024;

export const settings = {
  port: wholeNumber({
    env: ["PARLANCE_PORT", "PORT"],
    fallback: 8080,
    min: 0,
    max: 65_535,
    sentence: "TCP port for HTTP and sockets; 0 takes any free one.",
  }),
  host: text({
    env: ["PARLANCE_HOST"],
    fallback: "0.0.0.0",
    maxLength: 255,
    sentence: "Address to listen on; 127.0.0.1 keeps other machines out.",
  }),
  publicUrl: publicUrl({
    env: ["PARLANCE_PUBLIC_URL"],
    sentence: "Where clients reach this deployment, told them by tokens; empty: where back ends reach it.",
  }),
  dataDir: text({
    env: ["PARLANCE_DATA"],
    fallback: "./data",
    maxLength: 4096,
    sentence: "Folder of the embedded database; made if it is missing.",
  }),
  store: storeAddress({
    env: ["PARLANCE_STORE"],
    sentence: "Where data are kept: sqlite, in the data folder, or a PostgreSQL database for many nodes.",
  }),
  storeConnections: wholeNumber({
    env: ["PARLANCE_STORE_CONNECTIONS"],
    fallback: 10,
    min: 2,
    max: 1000,
    sentence: "Most connections of this node to PostgreSQL.",
  }),
  storeSeconds: wholeNumber({
    env: ["PARLANCE_STORE_SECONDS"],
    fallback: 5,
    min: 1,
    max: 60,
    sentence:
      "How long a call is tried again while PostgreSQL can't be reached; who sent a message waits three times as long to hear what became of it.",
  }),
  apps: appList({
    env: ["PARLANCE_APPS"],
    sentence: "Apps to have at start, as name:key:secret[,name:key:secret…].",
  }),
  bus: busAddress({
    env: ["PARLANCE_BUS"],
    sentence: "What joins several nodes: local (one node) or nats://[user:password@]host:port[,host:port…].",
  }),
  largeConversationListeners: wholeNumber({
    env: ["PARLANCE_LARGE_CONVERSATION_LISTENERS"],
    fallback: 500,
    min: 2,
    max: 1_000_000_000,
    sentence: "Listeners on all nodes above which a conversation has a subject of its own between them.",
  }),
  interestKeys: wholeNumber({
    env: ["PARLANCE_INTEREST_KEYS"],
    fallback: 1_000_000,
    min: 1000,
    max: 16_000_000,
    sentence: "People and conversations a node lists for the others; one with more is sent every event.",
  }),
  logLevel: choice({
    env: ["PARLANCE_LOG_LEVEL"],
    fallback: "info",
    options: ["fatal", "error", "warn", "info", "debug", "trace", "silent"],
    sentence: "Least important log line that is still written.",
  }),
  queueBytes: wholeNumber({
    env: ["PARLANCE_QUEUE_BYTES"],
    fallback: MiB,
    min: 65_536,
    max: 256 * MiB,
    sentence: "Bytes that may wait for one slow connection before it is dropped.",
  }),
  compression: flag({
    env: ["PARLANCE_COMPRESSION"],
    fallback: false,
    sentence:
      "Compress frames for clients that offer it; saves bytes and costs CPU for every frame and reader.",
  }),
  heartbeatSeconds: wholeNumber({
    env: ["PARLANCE_HEARTBEAT_SECONDS"],
    fallback: 25,
    min: 1,
    max: 600,
    sentence: "Seconds between pings; a connection silent for two of them is closed.",
  }),
  leaseSeconds: wholeNumber({
    env: ["PARLANCE_LEASE_SECONDS"],
    fallback: 10,
    min: 1,
    max: 300,
    sentence: "Seconds after which the users of a node that died are offline.",
  }),
  chatroomGraceSeconds: wholeNumber({
    env: ["PARLANCE_CHATROOM_GRACE_SECONDS"],
    fallback: 30,
    min: 1,
    max: 3600,
    sentence: "Seconds after which somebody who is offline has left their chatrooms.",
  }),
  chatroomsByJoining: flag({
    env: ["PARLANCE_CHATROOMS_BY_JOINING"],
    fallback: true,
    sentence: "Whether joining a chatroom that is not there makes it; if not, back ends do.",
  }),
  chatroomsPerUser: wholeNumber({
    env: ["PARLANCE_CHATROOMS_PER_USER"],
    fallback: 20,
    min: 1,
    max: 100,
    sentence: "Chatrooms that one user may be in at once.",
  }),
  chatroomMessages: wholeNumber({
    env: ["PARLANCE_CHATROOM_MESSAGES"],
    fallback: 40,
    min: 1,
    max: 10_000,
    sentence: "Messages of people that one chatroom takes in 200 ms; newer ones are refused.",
  }),
  framesPerMinute: wholeNumber({
    env: ["PARLANCE_FRAMES_PER_MINUTE"],
    fallback: 300,
    min: 1,
    max: 1_000_000,
    sentence: "Frames one connection may send in a minute; more are refused, or the connection is closed.",
  }),
  requestsPerSecond: wholeNumber({
    env: ["PARLANCE_REQUESTS_PER_SECOND"],
    fallback: 1000,
    min: 1,
    max: 1_000_000,
    sentence: "Calls per second that one app's back end may make.",
  }),
  rateFactor: wholeNumber({
    env: ["PARLANCE_RATE_FACTOR"],
    fallback: 1,
    min: 1,
    max: 1_000_000,
    sentence: "Multiplies the documented rates of RongCloud's API.",
  }),
  bodyBytes: wholeNumber({
    env: ["PARLANCE_BODY_BYTES"],
    fallback: MiB,
    min: 1024,
    max: 64 * MiB,
    sentence: "Largest body of one call of a back end, in bytes.",
  }),
  messageBytes: wholeNumber({
    env: ["PARLANCE_MESSAGE_BYTES"],
    fallback: 131_072,
    min: 1024,
    max: 16 * MiB,
    sentence: "Largest content of one message, in bytes.",
  }),
  membersPerCall: wholeNumber({
    env: ["PARLANCE_MEMBERS_PER_CALL"],
    fallback: 10_000,
    min: 1,
    max: 1_000_000,
    sentence: "Users that one call may add to or remove from a conversation.",
  }),
  drainSeconds: wholeNumber({
    env: ["PARLANCE_DRAIN_SECONDS"],
    fallback: 8,
    min: 0,
    max: 9,
    sentence: "Seconds to finish accepted work after SIGTERM before leaving anyway.",
  }),
  demo: flag({
    env: ["PARLANCE_DEMO"],
    fallback: false,
    sentence: "Serve the demo chat at /demo; anyone who can reach it can use it.",
  }),
} satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof settings;

/** What the table says, as values. */
export type Config = ValuesOf<typeof settings>;

const check = ({ queueBytes, messageBytes, store, bus }: Config): string[] => [
  ...(queueBytes < 2 * messageBytes
    ? ["PARLANCE_QUEUE_BYTES: must be at least twice PARLANCE_MESSAGE_BYTES."]
    : []),
  ...(bus !== "local" && store === "sqlite"
    ? ["PARLANCE_BUS: nodes that are joined need a store that they share; set PARLANCE_STORE to PostgreSQL."]
    : []),
];

/** The settings and where each came from. Throws `ConfigError` that names everything wrong. */
export const loadConfigWithSources = (env: Environment = process.env): Loaded<typeof settings> =>
  loadSettings(settings, env, check);

/** The settings. Throws `ConfigError` that names everything wrong. */
export const loadConfig = (env: Environment = process.env): Config => loadConfigWithSources(env).config;

export type { DeclaredApp } from "./config/app-declaration.ts";
export { ConfigError } from "./config/load.ts";
export { parseNatsUrl } from "./config/nats-url.ts";
