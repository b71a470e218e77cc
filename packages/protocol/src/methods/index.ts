/** The table of methods. */

import type { Schema } from "../schema/schema.ts";
import { chatroomMethods } from "./chatrooms.ts";
import { conversationMethods } from "./conversations.ts";
import { messageMethods } from "./messages.ts";
import { peopleMethods } from "./people.ts";
import { pushMethods } from "./push.ts";
import { tagMethods } from "./tags.ts";

export const methods = {
  ...messageMethods,
  ...conversationMethods,
  ...tagMethods,
  ...peopleMethods,
  ...chatroomMethods,
  ...pushMethods,
};

export type MethodName = keyof typeof methods;

/** Declared for clients to build on; the server doesn't answer them yet, and the reference leaves them out. */
export const unservedMethods: ReadonlySet<MethodName> = new Set();
export const unservedEvents: ReadonlySet<string> = new Set();

type Of<S> = S extends Schema<infer T> ? T : never;

export type ParamsOf<Name extends MethodName> = Of<(typeof methods)[Name]["params"]>;
export type ResultOf<Name extends MethodName> = Of<(typeof methods)[Name]["result"]>;

export const isMethodName = (name: string): name is MethodName => Object.hasOwn(methods, name);
