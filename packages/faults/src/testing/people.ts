import { i2aBackEnd } from "../../../server/src/testing/i2a-back-end.ts";
import type { Time } from "../checker/history.ts";
import type { Dice } from "../plan/dice.ts";
import { BackEnd } from "./back-end.ts";
import { firstDevice, Person } from "./person.ts";
import type { World } from "./world.ts";

/** Types of chat room: members only, anybody may write and read, members only without marks and counts. */
type RoomType = 1 | 2 | 3;

interface Cast {
  people: number;
  /** The others only listen and mark what they read. */
  writers: number;
  /** People with a second device. */
  twice: number;
  rooms: readonly { type: RoomType; isSteady: boolean }[];
}

/** The second app has people of the same names. */
const casts: readonly Cast[] = [
  {
    people: 12,
    writers: 8,
    twice: 3,
    rooms: [
      { type: 1, isSteady: true },
      { type: 1, isSteady: true },
      { type: 1, isSteady: true },
      { type: 1, isSteady: false },
      { type: 3, isSteady: false },
      { type: 2, isSteady: true },
    ],
  },
  {
    people: 3,
    writers: 2,
    twice: 0,
    rooms: [
      { type: 1, isSteady: true },
      { type: 1, isSteady: false },
    ],
  },
];

export const deviceCount = casts.reduce((sum, { people, twice }) => sum + people + twice, 0);

/** One app: its people, and the back end that changes who is in which room. */
export interface Crowd {
  secret: string;
  backEnd: BackEnd;
  /** By person, their devices. */
  people: Person[][];
  rooms: string[];
  /** Rooms that people are added to and removed from. */
  unsteady: string[];
  /** Times of messages that were hidden, or may have been. */
  hidden: Set<Time>;
}

export async function gatherCrowds(world: World, dice: Dice): Promise<Crowd[]> {
  const crowds: Crowd[] = [];
  for (const [number, cast] of casts.entries())
    crowds.push(await gather(world, cast, number, dice.named(`crowd ${number}`)));
  return crowds;
}

/** Several rooms with some of the people each; everybody is in the first one. */
async function gather(world: World, cast: Cast, number: number, dice: Dice): Promise<Crowd> {
  const secret = world.secrets[number] ?? "";
  const first = i2aBackEnd(world.nodes[0]?.process.url ?? "", secret);
  const names = Array.from({ length: cast.people }, (_, index) => `p${index}`);
  const rooms: { id: string; isMass: boolean; isSteady: boolean; members: string[] }[] = [];
  for (const [room, { type, isSteady }] of cast.rooms.entries()) {
    const members = names.filter((_, index) => room === 0 || (index + room) % 2 === 0 || dice.happens(0.2));
    rooms.push({ id: await first.room(members, type), isMass: type !== 1, isSteady, members });
  }
  const nodes = world.nodes.map(({ clients }) => `ws://127.0.0.1:${clients.port}`);
  const people: Person[][] = [];
  for (const [index, name] of names.entries()) {
    const devices = index < cast.twice ? [firstDevice, "laptop"] : [firstDevice];
    const own: Person[] = [];
    for (const [place, device] of devices.entries()) {
      const label = [name, ...(place > 0 ? [device] : []), ...(number > 0 ? [`app${number}`] : [])].join("-");
      own.push(
        new Person({
          name,
          device,
          label,
          token: await first.token(name, device),
          rooms: rooms
            .map(({ id, isMass, isSteady, members }) => ({
              id,
              isMass,
              isSteady,
              isMember: members.includes(name),
            }))
            .filter(({ isSteady, isMember }) => isMember || !isSteady),
          writes: index < cast.writers,
          nodes,
          startsOn: (index + place) % nodes.length,
          dice: dice.named(label),
        }),
      );
    }
    people.push(own);
  }
  return {
    secret,
    backEnd: new BackEnd(world, secret, dice.named("back end")),
    people,
    rooms: rooms.map(({ id }) => id),
    unsteady: rooms.filter(({ isSteady }) => !isSteady).map(({ id }) => id),
    hidden: new Set(),
  };
}
