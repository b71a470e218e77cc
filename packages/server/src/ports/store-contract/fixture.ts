import { expect } from "bun:test";
import { inspect } from "node:util";
import { type ErrorName, ParlanceError } from "../../errors.ts";
import type { App, Appended, AppStore, Conversation, NewConversation, NewMessage, Store } from "../store.ts";

let made = 0;
/** A name that no other test has. */
export const unique = (prefix: string): string => `${prefix}-${++made}-${crypto.randomUUID().slice(0, 8)}`;

/** A small generator of numbers that are the same in every run (mulberry32). */
export const seeded = (seed: number) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
};

/** What the parts of the contract share: the open store, and short ways to put something into it. */
export class Fixture {
  declare store: Store;

  newApp = async (): Promise<{ app: App; own: AppStore }> => {
    const app = await this.store.apps.create({
      key: unique("key"),
      secret: unique("secret"),
      name: "An app",
    });
    return { app, own: this.store.forApp(app.id) };
  };

  /** The lease of a node that lives for a minute if nothing else is said. */
  newLease = (milliseconds = 60_000): Promise<number> =>
    this.store.nodes.takeLease(
      { nodeId: unique("node"), address: "here:1", version: "0" },
      milliseconds,
      false,
    );

  /** An app with a group of Ann and Ben. */
  newGroup = async (): Promise<{ app: App; own: AppStore; group: Conversation }> => {
    const { app, own } = await this.newApp();
    return { app, own, group: await newConversation(own) };
  };
}

export const newConversation = (own: AppStore, given: Partial<NewConversation> = {}): Promise<Conversation> =>
  own.createConversation({
    kind: "group",
    key: unique("room"),
    admission: "members",
    memberIds: ["ann", "ben"],
    ...given,
  });

/** Ids of the conversations that the user is in. */
export const conversationsOf = async (own: AppStore, userId: string): Promise<number[]> =>
  (await own.listMembershipsOf([userId])).map(({ conversationId }) => conversationId);

export const send = (
  own: AppStore,
  conversationId: number,
  given: Partial<NewMessage> = {},
): Promise<Appended> =>
  own.append({
    conversationId,
    senderId: "ann",
    type: "text",
    content: '{"text":"hello"}',
    isCounted: true,
    marksRead: false,
    ...given,
  });

/** As the app. False: it was so already. */
export const setActive = async (
  own: AppStore,
  conversationId: number,
  of: number,
  isActive: boolean,
): Promise<boolean> =>
  (await own.change({ conversationId, of, kind: isActive ? "show" : "hide", by: null })) !== null;

/** The newest `limit` messages in the order they were sent. */
export const readLog = async (own: AppStore, conversationId: number, limit = 100_000) =>
  (await own.listMessages(conversationId, null, limit)).reverse();

export const expectRefusal = async (call: Promise<unknown>, code: ErrorName): Promise<ParlanceError> => {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const error = "error" in outcome ? outcome.error : undefined;
  if (!(error instanceof ParlanceError)) {
    throw new Error(`Expected the refusal ${code}, got ${inspect(outcome)}`);
  }
  expect(error.code).toBe(code);
  return error;
};
