import type { CodecName, ConversationRef, ParamsOf, ResultOf } from "@parlance/protocol";
import type { Config } from "../config.ts";
import { useWorld, type World } from "./i2a-world.ts";
import { NativeClient } from "./native-client.ts";

/** An installation with two apps, as people see it who speak Parlance's own protocol; back ends still speak I2A. */
export interface NativeWorld {
  i2a: World;
  /** Connects a user of the shop, from device "phone" if nothing else is said. Clients take turns with the codecs. */
  client(userId: string, deviceId?: string, codec?: CodecName): Promise<NativeClient>;
  clients<Ids extends readonly string[]>(...userIds: Ids): Promise<{ [Key in keyof Ids]: NativeClient }>;
  /** A group of the shop. */
  group(...memberIds: string[]): Promise<ConversationRef>;
  /** What I2A calls this group. */
  roomOf(group: ConversationRef): string;
}

/** Starts an installation for the tests of a file, on what the file is run on. */
export function useNativeWorld(overrides: Partial<Config> = {}): NativeWorld {
  const i2a = useWorld({ framesPerMinute: 100_000, ...overrides });
  let turn = 0;
  const client: NativeWorld["client"] = async (userId, deviceId, codec) => {
    const token = await i2a.shop.token(userId, deviceId, { name: userId });
    return NativeClient.open(i2a.server.socketUrl, {
      token,
      codec: codec ?? (turn++ % 2 === 0 ? "json" : "msgpack"),
    });
  };
  return {
    i2a,
    client,
    clients: (...userIds) => Promise.all(userIds.map((userId) => client(userId))) as never,
    async group(...memberIds) {
      const room = await i2a.shop.room(memberIds);
      return { kind: "group", id: room.slice(0, room.lastIndexOf(":")) };
    },
    roomOf: ({ id }) => `${id}:shop`,
  };
}

let made = 0;
/** A client id that no other send has. */
export const newClientId = (): string => `c${++made}`;

/** Sends a text, or what else is said. */
export const say = (
  client: NativeClient,
  conversation: ConversationRef,
  text: string,
  more: Partial<ParamsOf<"message.send">> = {},
): Promise<ResultOf<"message.send">> =>
  client.request("message.send", {
    conversation,
    clientId: newClientId(),
    type: "text",
    content: { text },
    ...more,
  });

export const direct = (id: string): ConversationRef => ({ kind: "direct", id });

/** Texts of messages, or their state. */
export const textsOf = (messages: readonly { content: Record<string, unknown>; state?: string }[]) =>
  messages.map(({ content, state }) => state ?? content.text);
