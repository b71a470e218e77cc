/** The writes that come in masses, each with its own way to be stored many at a time. */

import type { Append } from "./append.ts";
import { appendBatch } from "./append.ts";
import { type Outcome, type Patience, storeEach } from "./batch.ts";
import type { Connections } from "./connections.ts";
import { type MarkCall, storeMarks } from "./marks.ts";
import { type SessionCall, sessionsBatch } from "./sessions.ts";

export interface GroupedCalls {
  append: Append;
  moveReadMark: MarkCall;
  openSession: SessionCall;
}

export type GroupName = keyof GroupedCalls;

interface Group<Call> {
  /** No two calls of a batch may have the same; null: any two may be in one. */
  keyOf: ((call: Call) => string) | null;
  store(connections: Connections, calls: readonly Call[], patience: Patience): Promise<Outcome<unknown>[]>;
}

export const groups: { [Name in GroupName]: Group<GroupedCalls[Name]> } = {
  append: {
    keyOf: null,
    store: (connections, calls, patience) => storeEach(connections, calls, appendBatch, patience),
  },
  moveReadMark: {
    keyOf: ([appId, conversationId, userId]) => `${appId}/${conversationId} ${userId}`,
    store: storeMarks,
  },
  openSession: {
    keyOf: ([appId, { userId }]) => `${appId} ${userId}`,
    store: (connections, calls, patience) => storeEach(connections, calls, sessionsBatch, patience),
  },
};

export const groupNames = Object.keys(groups) as GroupName[];
