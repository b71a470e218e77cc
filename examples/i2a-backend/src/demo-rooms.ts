/** What a fresh demo offers: Ann, Bob, the room "Welcome" that everyone is in, and "Town square" to join. */
import { roomTypes } from "./parlance.ts";
import { Refusal } from "./refusal.ts";
import type { Room, RoomRecords } from "./room-records.ts";
import { maxMembers, type Rooms } from "./rooms.ts";
import type { User, Users } from "./users.ts";

export const suggestedNames = ["Ann", "Bob"];

export const openDemoRooms = (users: Users, records: RoomRecords, rooms: Rooms) => {
  const firstUnowned = (type: number): Room | undefined =>
    records.ofType(type, 2).find((room) => room.ownerId === null);

  const prepare = async (): Promise<Room> => {
    const people = suggestedNames.map((name) => users.findOrCreate(name));
    if (!firstUnowned(roomTypes.massPublic))
      await rooms.create("Town square", roomTypes.massPublic, null, people, "Anyone may come and go here.");
    return (
      firstUnowned(roomTypes.regular) ??
      (await rooms.create(
        "Welcome",
        roomTypes.regular,
        null,
        people,
        "Everyone who signs in is in this room.",
      ))
    );
  };

  let prepared: Promise<Room> | undefined;

  return {
    /** Makes sure the rooms exist and that the newcomer is in "Welcome" as long as there is space. */
    async welcome(user: User): Promise<void> {
      // One preparation for all who come at once; a failed one is tried again by the next.
      prepared ??= prepare().catch((error) => {
        prepared = undefined;
        throw error;
      });
      const room = await prepared;
      if (records.isMember(room.id, user.id) || records.countMembers(room.id) >= maxMembers) return;
      try {
        if (await rooms.admit(room, user)) await rooms.tell(room, `${user.name} joined`);
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 404) throw error;
      }
    },
  };
};
