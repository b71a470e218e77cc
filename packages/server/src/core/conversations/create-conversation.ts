import { randomUUID } from "node:crypto";
import { ParlanceError } from "../../errors.ts";
import type { Admission, Conversation, ConversationKind } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { distinctMemberIds } from "./member-ids.ts";

export interface CreateConversation {
  kind: ConversationKind;
  /** The id on the wire; absent: a GUID is made. */
  key?: string;
  admission: Admission;
  memberIds: string[];
}

/** Refuses more members than `limits.memberIdsPerCall`, and a key that is taken (`invalidInput`). */
export async function createConversation(core: Core, input: CreateConversation): Promise<Conversation> {
  const memberIds = distinctMemberIds(core, input.memberIds);
  if (input.kind === "group" && memberIds.length === 0) {
    throw new ParlanceError("invalidInput", { memberIds: "A group has at least one member." });
  }
  const { kind, key = randomUUID(), admission } = input;
  const conversation = await core.store.createConversation({ kind, key, admission, memberIds });
  core.publish({ kind: "membersAdded", conversation, userIds: memberIds, seq: 0, sentAt: 0 });
  core.log.info({ conversation: key, kind, members: memberIds.length }, "conversation created");
  return conversation;
}
