import { afterAll, beforeAll } from "bun:test";
import type { Config } from "../config.ts";
import { currentDeployment } from "./deployment.ts";
import { type I2aBackEnd, i2aBackEnd } from "./i2a-back-end.ts";
import { type TestServer, testApps } from "./test-server.ts";
import { TestSocket } from "./test-socket.ts";
import { startPatience } from "./until.ts";

/** Where people and back ends connect to; `url` and `socketUrl` name the next node each time. */
export type Entrance = Pick<TestServer, "url" | "socketUrl" | "log">;

/** A running installation with two apps, and short words for what the socket tests do all the time. */
export interface World {
  server: Entrance;
  nodes: readonly TestServer[];
  shop: I2aBackEnd;
  bank: I2aBackEnd;
  /** Connects a user of the shop; the device is "phone" and the name is the user's id if nothing else is said. */
  connect(userId: string, deviceId?: string): Promise<TestSocket>;
  /** Connects several users. */
  connectAll(...userIds: string[]): Promise<TestSocket[]>;
  /** Sends a text and resolves with the digits of its time once the echo is there. */
  say(socket: TestSocket, room: string, text: string): Promise<string>;
  /** Texts in history, oldest first. */
  history(socket: TestSocket, room: string): Promise<string[]>;
}

/** Far in the future, so that history is read from the newest message on. */
export const farAhead = "9000000000000000000";

/** The digits of `message_timestamp_identifier`, which a parsed frame no longer has. */
export const timeDigits = (text: string): string =>
  /"message_timestamp_identifier":"?(\d+)/.exec(text)?.[1] ?? "";

function entranceTo(nodes: readonly TestServer[]): Entrance {
  let turn = 0;
  const next = () => nodes[turn++ % nodes.length] as TestServer;
  return {
    get url() {
      return next().url;
    },
    get socketUrl() {
      return next().socketUrl;
    },
    get log() {
      return nodes.flatMap(({ log }) => log);
    },
  };
}

/** Starts an installation for the tests of a file: one node, or what the file is run on (testing/deployment.ts). */
export function useWorld(overrides: Partial<Config> = {}): World {
  const world = {} as World;
  const deploy = currentDeployment();
  beforeAll(async () => {
    const nodes = await deploy(overrides);
    const server = entranceTo(nodes);
    const shop = i2aBackEnd(() => server.url, testApps.shop.secret);
    const connect: World["connect"] = async (userId, deviceId = "phone") => {
      const token = await shop.token(userId, deviceId, { display_name: userId });
      return TestSocket.open(`${server.socketUrl}/socket/`, { "X-TOKEN": token });
    };
    Object.assign(world, {
      server,
      nodes,
      shop,
      bank: i2aBackEnd(() => server.url, testApps.bank.secret),
      connect,
      connectAll: (...userIds: string[]) => Promise.all(userIds.map((userId) => connect(userId))),
      async say(socket: TestSocket, room: string, text: string) {
        socket.send({ type: "ROUTABLE", chat_room_identifier: room, message: text });
        const echo = await socket.next(
          ({ value }) => value.type === "ERROR" || (value.type === "ROUTABLE" && value.message === text),
        );
        if (echo.value.type === "ERROR") throw new Error(echo.text);
        return timeDigits(echo.text);
      },
      async history(socket: TestSocket, room: string) {
        const reply = await socket.ask({
          type: "GET_HISTORY",
          chat_room_identifier: room,
          from_message_timestamp_identifier: farAhead,
          limit: 100,
        });
        return reply.value.payload.map((item: { message: string }) => item.message).reverse();
      },
    } satisfies World);
  }, startPatience * 2);
  afterAll(async () => {
    for (const node of world.nodes ?? []) await node.stop();
  }, startPatience);
  return world;
}
