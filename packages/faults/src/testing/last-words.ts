/** When all is quiet: a last word in every room, which every member must hear and nobody else. */

import type { Send, Violation } from "../checker/history.ts";
import type { BackEnd } from "./back-end.ts";
import type { Crowd } from "./people.ts";
import { after, timeOf } from "./visit.ts";

const mostTries = 100;
const retryAfter = 200;

export async function sayLastWords({ backEnd, rooms, people }: Crowd): Promise<Send[]> {
  // From now on what still comes is wrong.
  for (const view of people.flat().flatMap(({ views }) => [...views.values()]))
    if (!view.isMember) view.left(Number.NEGATIVE_INFINITY);
  const sends: Send[] = [];
  for (const room of rooms) {
    for (let tries = 1; tries <= mostTries && !(await say(backEnd, room, tries, sends)); tries++)
      await after(retryAfter);
  }
  return sends;
}

/** Each try has a text of its own, because one that was not answered may be stored all the same. */
async function say(backEnd: BackEnd, room: string, tries: number, sends: Send[]) {
  const text = `last words in ${room}, try ${tries}`;
  const begunAt = performance.now();
  const send: Send = { person: "", device: "", room, text, begunAt, answer: "unanswered", time: null };
  sends.push(send);
  const params = { chat_room_identifier: room, message: text };
  const answer = await backEnd.once("system-message/send-system-message/", params);
  if (answer?.status !== 200) return false;
  send.answer = "acknowledged";
  send.time = timeOf(answer.body.message_timestamp_identifier);
  return true;
}

/** No app reads another's rooms. */
export async function tryToCross(
  crowds: readonly Crowd[],
  read: (crowd: Crowd, room: string) => Promise<number>,
) {
  const violations: Violation[] = [];
  for (const crowd of crowds)
    for (const other of crowds)
      for (const room of other === crowd ? [] : other.rooms) {
        const status = await read(crowd, room);
        if (status !== 404)
          violations.push({ kind: "not theirs", text: `another app is told ${status} of ${room}` });
      }
  return violations;
}
