/** Appenders that number what they send and remember what they were told, and the check of the log against it. */

import { expect } from "bun:test";
import { ParlanceError } from "../../../errors.ts";
import { OutcomeUnknown } from "../../../ports/outcome-unknown.ts";
import type { AppStore } from "../../../ports/store.ts";

export interface Sent {
  conversationId: number;
  appender: number;
  number: number;
  /** Null: refused as unavailable, or nobody knew whether it was stored. */
  position: { seq: number; sentAt: number } | null;
  isUnknown?: boolean;
}

/** Each appender sends one message after the other until `isOver`, which is shown what was sent so far. */
export const sendNumbered = async (
  own: AppStore,
  conversationIds: readonly number[],
  appenders: number,
  isOver: (sends: readonly Sent[]) => boolean,
  /** Of the numbers, and of the appenders. */
  first = 0,
): Promise<Sent[]> => {
  const sends: Sent[] = [];
  let next = first;
  const sendInTurn = async (appender: number): Promise<void> => {
    while (!isOver(sends)) {
      const number = next++;
      const conversationId = conversationIds[number % conversationIds.length] as number;
      const content = JSON.stringify({ number, appender });
      const message = { conversationId, senderId: `sender-${appender}`, type: "text", content };
      try {
        const { isRepeat, ...position } = await own.append({ ...message, isCounted: true, marksRead: true });
        expect(isRepeat).toBe(false);
        sends.push({ conversationId, appender, number, position });
      } catch (error) {
        const isUnknown = error instanceof OutcomeUnknown;
        if (!isUnknown && !(error instanceof ParlanceError && error.code === "unavailable")) throw error;
        sends.push({ conversationId, appender, number, position: null, isUnknown });
      }
    }
  };
  await Promise.all(Array.from({ length: appenders }, (_, appender) => sendInTurn(first + appender)));
  return sends;
};

/** Everything acknowledged is there where it was said to be; nothing refused is there; nothing is there twice; times and numbers rise. */
export const expectLogToHold = async (own: AppStore, sends: readonly Sent[]): Promise<void> => {
  for (const conversationId of new Set(sends.map((sent) => sent.conversationId))) {
    const ofRoom = sends.filter((sent) => sent.conversationId === conversationId);
    const log = (await own.listMessages(conversationId, null, 1_000_000)).reverse();
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
    const times = log.map(({ sentAt }) => sentAt);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));

    const logged = log.map(({ content, seq, sentAt }) => ({ ...JSON.parse(content), seq, sentAt }));
    const positions = new Map(logged.map(({ number, seq, sentAt }) => [number, { seq, sentAt }]));
    expect(positions.size).toBe(log.length);
    const acknowledged = ofRoom.filter(({ position }) => position !== null);
    expect(
      acknowledged.filter(({ number, position }) => positions.get(number)?.seq !== position?.seq),
    ).toEqual([]);
    expect(
      acknowledged.filter(({ number, position }) => positions.get(number)?.sentAt !== position?.sentAt),
    ).toEqual([]);
    const refused = ofRoom.filter(({ position, isUnknown }) => position === null && !isUnknown);
    expect(refused.filter(({ number }) => positions.has(number))).toEqual([]);
    const known = new Set(ofRoom.map(({ number }) => number));
    expect(logged.filter(({ number }) => !known.has(number))).toEqual([]);
    for (const appender of new Set(logged.map((one) => one.appender))) {
      const sent = logged.filter((one) => one.appender === appender).map((one) => one.number);
      expect(sent).toEqual([...sent].sort((a, b) => a - b));
    }
    expect(await own.countUnread([conversationId], "nobody", 1_000_000)).toEqual([log.length]);
  }
};
