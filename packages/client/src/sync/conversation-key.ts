import type { ConversationRef } from "@parlance/protocol";

/** One text for each conversation. */
export const keyOf = ({ kind, id }: ConversationRef): string => `${kind}/${id}`;

export const refOf = (key: string): ConversationRef => {
  const slash = key.indexOf("/");
  return { kind: key.slice(0, slash) as ConversationRef["kind"], id: key.slice(slash + 1) };
};
