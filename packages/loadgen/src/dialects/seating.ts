import type { Plan, Role } from "./dialect.ts";

/** Seats in the order member by member, room by room, so that the first senders are spread over all rooms. */
export function* seating(plan: Plan): Generator<{ index: number; room: number; member: number; role: Role }> {
  const { rooms, membersPerRoom, sendersPerRoom, samplesPerRoom } = plan;
  for (let member = 0; member < membersPerRoom; member++) {
    const role =
      member < sendersPerRoom ? "sender" : member < sendersPerRoom + samplesPerRoom ? "sampled" : "listener";
    for (let room = 0; room < rooms; room++) yield { index: member * rooms + room, room, member, role };
  }
}

/** Runs `work` for 0…count-1, `width` at a time. The first error stops it. */
export async function inParallel(
  count: number,
  width: number,
  work: (i: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}
