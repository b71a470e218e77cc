/** What a consumer writes, and what the compiler has to refuse: types that got lost would let everything pass. */

import {
  type Client,
  type ConnectOptions,
  type Conversation,
  type ConversationState,
  connect,
  MemoryCache,
  type Message,
  type NewMessage,
  ParlanceError,
  type Position,
  type ShownMessage,
} from "@parlance/client";
import { msgpack } from "@parlance/client/msgpack";

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false;
const isTrue = <_ extends true>(): void => {};

export async function use(options: ConnectOptions): Promise<Client> {
  const client = await connect({ ...options, codec: msgpack, cache: new MemoryCache() });
  const lunch: Conversation = client.group("lunch");
  const message: NewMessage = { type: "location", content: { latitude: 52.5, longitude: 13.4 } };
  const position: Position = await lunch.send(message, { mentions: { users: ["bob"] } });
  isTrue<Same<typeof position.sentAt, number>>();
  isTrue<Same<(typeof lunch)["messages"], readonly ShownMessage[]>>();
  isTrue<Same<ConversationState["unread"], number>>();
  isTrue<Same<Message["from"], string | null>>();
  client.on("message", (heard) => isTrue<Same<typeof heard.message, Message>>());
  const page = await client.request("message.history", { conversation: lunch.ref, limit: 10 });
  isTrue<Same<typeof page.hasMore, boolean>>();
  // @ts-expect-error There is no such method.
  await client.request("message.forget", {});
  // @ts-expect-error A limit is a number.
  await lunch.history({ limit: "10" });
  // @ts-expect-error There is no such event.
  client.on("nothing", () => {});
  // @ts-expect-error A token is needed.
  await connect({ url: "ws://localhost/connect", userId: "ann" });
  await lunch.recall(position.sentAt).catch((error: unknown) => {
    if (error instanceof ParlanceError && error.name === "notYours")
      isTrue<Same<typeof error.code, number>>();
    else throw error;
  });
  return client;
}
