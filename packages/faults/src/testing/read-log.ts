import { i2aBackEnd } from "../../../server/src/testing/i2a-back-end.ts";
import type { LogEntry } from "../checker/history.ts";
import { after, type Frame, timeOf } from "./visit.ts";
import type { World } from "./world.ts";

const pageSize = 100;
/** Milliseconds that one page may take. */
const patience = 10_000;

async function readPage(url: string, secret: string, room: string, limit: number, before?: string) {
  const params = { limit, timestamp_from: before };
  const asked = i2aBackEnd(url, secret).call("GET", `chat-room/${room}/messages/`, params);
  const answer = await Promise.race([asked, after(patience)]);
  if (!answer) throw new Error(`reading ${room}: no answer within ${patience / 1000} s`);
  if (answer.status !== 200)
    throw new Error(`reading ${room}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as Frame[];
}

/** How a reading of the room is answered. */
export async function statusOf(world: World, secret: string, room: string): Promise<number> {
  const backEnd = i2aBackEnd(world.nodes[0]?.process.url ?? "", secret);
  return (await backEnd.call("GET", `chat-room/${room}/messages/`, { limit: 1 })).status;
}

/** The time of a room's newest message; 0 without one. */
export async function readHead(url: string, secret: string, room: string): Promise<number> {
  const [newest] = await readPage(url, secret, room, 1);
  return newest ? timeOf(newest.message_timestamp_identifier) : 0;
}

/** A room's whole log as a back end reads it, oldest first. */
export async function readLog(url: string, secret: string, room: string): Promise<LogEntry[]> {
  const newestFirst: LogEntry[] = [];
  let before: string | undefined;
  for (;;) {
    const page = await readPage(url, secret, room, pageSize, before);
    for (const item of page)
      newestFirst.push({
        time: timeOf(item.message_timestamp_identifier),
        author: item.is_system_message ? "" : String(item.app_user_identifier).replace(/:[^:]*$/, ""),
        text: item.message,
      });
    before = page.at(-1)?.message_timestamp_identifier;
    if (before === undefined) return newestFirst.reverse();
  }
}
