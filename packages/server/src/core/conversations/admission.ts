import type { Conversation } from "../../ports/store.ts";

/** Somebody who is online: what admission needs to know of them. */
export interface Participant {
  readonly userId: string;
  isMemberOf(conversationId: number): boolean;
}

/** Whether they may send to the conversation and read it. */
export function isAdmitted(participant: Participant, conversation: Conversation): boolean {
  return conversation.admission === "open" || participant.isMemberOf(conversation.id);
}
