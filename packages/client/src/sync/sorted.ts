import type { Message } from "@parlance/protocol";

/** Where the first message with at least that seq stands, in a list that rises by seq. */
export function indexOfSeq(messages: readonly Message[], seq: number): number {
  let [low, high] = [0, messages.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((messages[middle] as Message).seq < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Replaces the message of that seq, or puts it where it belongs. */
export function putInOrder(messages: Message[], message: Message): void {
  const at = indexOfSeq(messages, message.seq);
  messages.splice(at, messages[at]?.seq === message.seq ? 1 : 0, message);
}
