/** When all is quiet: a last word in every room, which every member must hear and nobody else. */

import type { Send, Violation } from "../checker/history.ts";
import type { Crowd } from "./people.ts";
import { timeOf } from "./visit.ts";

export async function sayLastWords({ backEnd, rooms, people, secret }: Crowd): Promise<Send[]> {
  // From now on what still comes is wrong.
  for (const view of people.flat().flatMap(({ views }) => [...views.values()]))
    if (!view.isMember) view.left(Number.NEGATIVE_INFINITY);
  const sends: Send[] = [];
  for (const room of rooms) {
    for (let tries = 1; ; tries++) {
      const text = `last words ${tries} ${secret}`;
      const send: Send = {
        person: "",
        device: "",
        room,
        text: `${text} ${rooms.indexOf(room)}`,
        answer: "unanswered",
        time: null,
      };
      sends.push(send);
      const answer = await backEnd.once("system-message/send-system-message/", {
        chat_room_identifier: room,
        message: send.text,
      });
      if (answer?.status !== 200) continue;
      send.answer = "acknowledged";
      send.time = timeOf(answer.body.message_timestamp_identifier);
      break;
    }
  }
  return sends;
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
