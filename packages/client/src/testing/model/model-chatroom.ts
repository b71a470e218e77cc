import type { ChatroomKey, ConversationRef, Message, ParamsOf } from "@parlance/protocol";

/** The truth of one chatroom: who is there, by device, and the keys. */
export class ModelChatroom {
  readonly ref: ConversationRef;
  readonly messages: Message[] = [];
  readonly keys = new Map<string, ChatroomKey>();
  readonly members = new Map<string, { userId: string; joinedAt: number }>();

  constructor(ref: ConversationRef) {
    this.ref = ref;
  }

  userIds(): string[] {
    return [...new Set([...this.members.values()].map(({ userId }) => userId))];
  }

  send(from: string, { type, content, clientId }: ParamsOf<"message.send">, now: number): Message {
    const known = this.messages.find((message) => message.from === from && message.clientId === clientId);
    if (known) return known;
    const message: Message = {
      seq: this.messages.length + 1,
      sentAt: now,
      from,
      type,
      content,
      clientId,
      isCounted: true,
    };
    this.messages.push(message);
    return message;
  }

  setKey(key: string, value: string, by: string, at: number): ChatroomKey {
    const row = { key, value, by, at };
    this.keys.set(key, row);
    return row;
  }

  keysAfter(at: number): ChatroomKey[] {
    return [...this.keys.values()].filter((key) => key.at > at);
  }
}
