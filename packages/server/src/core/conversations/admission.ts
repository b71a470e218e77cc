import type { Conversation } from "../../ports/store.ts";

/** Somebody who is online: what admission needs to know of them. */
export interface Participant {
  readonly userId: string;
  isMemberOf(conversationId: number): boolean;
}

/** Whether they may read the conversation, and send to it unless it is the app's own (`maySend`). */
export function isAdmitted(participant: Participant, conversation: Conversation): boolean {
  return conversation.admission !== "members" || participant.isMemberOf(conversation.id);
}

/** In `system` conversations the app alone speaks. */
export function maySend(participant: Participant, conversation: Conversation): boolean {
  return conversation.kind !== "system" && isAdmitted(participant, conversation);
}
