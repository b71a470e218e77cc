/** Whom a text calls: `@` and a name that was picked. */

import type { Conversation, Mentions } from "@parlance/client";

export interface Candidate {
  /** Null: everyone. */
  id: string | null;
  name: string;
}

const mostMembers = 100;
const mostOffered = 6;

export async function loadCandidates(conversation: Conversation, ownId: string): Promise<Candidate[]> {
  const { members } = await conversation.members({ limit: mostMembers });
  return members.flatMap(({ userId, data }) => {
    if (userId === ownId) return [];
    const name: unknown = JSON.parse(data ?? "{}").name;
    return [{ id: userId, name: typeof name === "string" ? name : userId }];
  });
}

/** The `@` that is being written before the caret, and what follows it. */
export function mentionAt(text: string, caret: number): { from: number; query: string } | null {
  const found = /(^|\s)@([^\s@]{0,40})$/u.exec(text.slice(0, caret));
  if (!found) return null;
  const query = found[2] ?? "";
  return { from: caret - query.length - 1, query };
}

/** People first, for that a key picks the first by chance; everyone has a place however many people there are. */
export function offered(people: readonly Candidate[], everyone: Candidate, query: string): Candidate[] {
  const begins = ({ name }: Candidate) => name.toLowerCase().startsWith(query.toLowerCase());
  return [...people.filter(begins).slice(0, mostOffered - 1), ...[everyone].filter(begins)];
}

/** Those picked whose name is still in the text. */
export function mentionsIn(text: string, picked: readonly Candidate[]): Mentions | undefined {
  const called = picked.filter(({ name }) => text.includes(`@${name}`));
  const users = [...new Set(called.flatMap(({ id }) => (id === null ? [] : [id])))];
  const isAll = called.some(({ id }) => id === null);
  if (users.length === 0 && !isAll) return undefined;
  return { ...(users.length > 0 && { users }), ...(isAll && { all: true as const }) };
}
