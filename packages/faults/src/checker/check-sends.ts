import type { LogEntry, Send, Violation } from "./history.ts";

/** Nothing acknowledged is lost, nothing is stored twice, and what was acknowledged comes before what was sent later. */
export function checkSends(logs: ReadonlyMap<string, LogEntry[]>, sends: readonly Send[]): Violation[] {
  const wrong: Violation[] = [];
  const places = new Map<string, { room: string; index: number; entry: LogEntry }>();
  for (const [room, log] of logs) {
    for (const [index, entry] of log.entries()) {
      const first = places.get(entry.text);
      if (first)
        wrong.push({
          kind: "doubled",
          text: `${entry.text} is in ${first.room} at ${first.entry.time} and in ${room} at ${entry.time}`,
        });
      else places.set(entry.text, { room, index, entry });
    }
  }
  const sent = new Set<string>();
  /** By device and room: the last acknowledged place. */
  const reached = new Map<string, { index: number; text: string }>();
  for (const { person, device, room, text, answer, time } of sends) {
    sent.add(text);
    const place = places.get(text);
    if (answer === "refused" && place)
      wrong.push({
        kind: "refused but stored",
        text: `${text} was refused and is in ${room} at ${place.entry.time}`,
      });
    if (place && (place.room !== room || place.entry.author !== person))
      wrong.push({
        kind: "foreign",
        text: `${text} of ${person} for ${room} is in ${place.room} as ${place.entry.author}'s`,
      });
    if (answer === "acknowledged" && place?.entry.time !== time)
      wrong.push({
        kind: "lost",
        text: place
          ? `${text} was acknowledged at ${time} and is in the log at ${place.entry.time} only`
          : `${text} was acknowledged at ${time} and is not in the log of ${room}`,
      });
    if (!place) continue;
    const key = `${person} on ${device} in ${room}`;
    const before = reached.get(key);
    if (before && place.index < before.index)
      wrong.push({
        kind: "reordered",
        text: `${text} was sent after ${before.text} was acknowledged and comes before it in ${room}`,
      });
    if (answer === "acknowledged" && place.index > (before?.index ?? -1))
      reached.set(key, { index: place.index, text });
  }
  for (const [text, { room, entry }] of places)
    if (!sent.has(text))
      wrong.push({ kind: "foreign", text: `nobody sent ${text}, in ${room} at ${entry.time}` });
  return wrong;
}
