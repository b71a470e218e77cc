import type { ChatroomKey } from "@parlance/protocol";
import type { ChatroomKey as StoredKey } from "../../ports/store-chatrooms.ts";

export const toChatroomKey = ({ key, value, userId, changedAt }: StoredKey): ChatroomKey => ({
  key,
  value: value ?? "",
  by: userId,
  at: changedAt,
});
