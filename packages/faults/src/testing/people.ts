import { i2aBackEnd } from "../../../server/src/testing/i2a-back-end.ts";
import type { Dice } from "../plan/dice.ts";
import { Person } from "./person.ts";
import type { World } from "./world.ts";

export const peopleCount = 12;
/** The others only listen and mark what they read. */
const writers = 8;
const roomCount = 4;

export interface People {
  rooms: string[];
  people: Person[];
}

/** Several rooms with some of the people each; everybody is in the first one. */
export async function gatherPeople(world: World, dice: Dice): Promise<People> {
  const backEnd = i2aBackEnd(world.nodes[0]?.process.url ?? "", world.secret);
  const names = Array.from({ length: peopleCount }, (_, index) => `p${index}`);
  const members = Array.from({ length: roomCount }, (_, room) =>
    names.filter((_, index) => room === 0 || (index + room) % 2 === 0 || dice.happens(0.2)),
  );
  const rooms: string[] = [];
  for (const some of members) rooms.push(await backEnd.room(some));
  const nodes = world.nodes.map(({ clients }) => `ws://127.0.0.1:${clients.port}`);
  const people: Person[] = [];
  for (const [index, name] of names.entries()) {
    people.push(
      new Person({
        name,
        token: await backEnd.token(name),
        rooms: rooms.filter((_, room) => members[room]?.includes(name)),
        writes: index < writers,
        nodes,
        startsOn: index % nodes.length,
        dice: dice.named(name),
      }),
    );
  }
  return { rooms, people };
}
