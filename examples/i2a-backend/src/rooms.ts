/**
 * I2A's first diagram, "Create a chat room", and what follows from it. The rules of who may do what are ours;
 * Parlance enforces none, it only needs to know who is in which room.
 *
 * Every change tells the members with a system message, because stock clients take one as the hint to ask their own
 * back end again. Adding: our record first would show a room that refuses its member, so Parlance goes first.
 * Removing: Parlance goes first too, because that is where reading and writing really end.
 */
import { type Parlance, roomTypes } from "./parlance.ts";
import { Refusal } from "./refusal.ts";
import type { Room, RoomRecords } from "./room-records.ts";
import { initialsOf, type User } from "./users.ts";

const maxRoomsPerUser = 100;
export const maxMembers = 100;
const maxMassMembers = 5_000;
const maxPublicRooms = 20;

export const describeUser = (user: User) => ({ ...user, initials: initialsOf(user.name) });

const onlyRefusals = (error: unknown) => {
  if (!(error instanceof Refusal)) throw error;
};

/** What Parlance doesn't know any more needs no removing there. */
const unlessGone = (error: unknown) => {
  if (!(error instanceof Refusal) || error.status !== 404) throw error;
};

export const openRooms = (records: RoomRecords, parlance: Parlance) => {
  const describe = (room: Room, user: User) => ({
    id: room.id,
    chat_room_identifier: room.chatRoomIdentifier,
    name: room.name,
    type: room.type,
    is_owner: room.ownerId === user.id,
    is_member: records.isMember(room.id, user.id),
    member_count: records.countMembers(room.id),
    // A mass room may have thousands; nobody reads such a list.
    members:
      room.type === roomTypes.regular ? records.listMembers(room.id, maxMembers).map(describeUser) : [],
  });

  const find = (id: number): Room => {
    const room = records.find(id);
    if (!room) throw new Refusal(404, "This room does not exist any more.");
    return room;
  };
  const findOwn = (id: number, user: User): Room => {
    const room = find(id);
    if (!records.isMember(id, user.id)) throw new Refusal(403, "You are not in this room.");
    return room;
  };
  const findOwned = (id: number, user: User): Room => {
    const room = findOwn(id, user);
    if (room.ownerId !== user.id) throw new Refusal(403, "Only the person who owns the room may do this.");
    return room;
  };
  const checkSpace = (userIds: string[]) => {
    for (const id of userIds) {
      if (records.countRooms(id) >= maxRoomsPerUser)
        throw new Refusal(409, `Nobody can be in more than ${maxRoomsPerUser} rooms.`);
    }
  };
  /** A hint, so what it belongs to doesn't fail with it: pages also ask by themselves now and then. */
  const tell = async (room: Room, text: string) => {
    await parlance.sendSystemMessage(room.chatRoomIdentifier, text).catch(onlyRefusals);
  };

  const admit = async (room: Room, user: User) => {
    if (records.isMember(room.id, user.id)) return false;
    const limit = room.type === roomTypes.regular ? maxMembers : maxMassMembers;
    if (records.countMembers(room.id) >= limit) throw new Refusal(409, "This room is full.");
    checkSpace([user.id]);
    await parlance.addUsers(room.chatRoomIdentifier, [user.id]);
    records.addMembers(room.id, [user.id]);
    return true;
  };

  return {
    describe,
    findOwn,
    admit,
    tell,

    /** The server itself speaks; unlike a hint, this fails when it doesn't arrive. */
    async announce(id: number, user: User, text: string): Promise<void> {
      await parlance.sendSystemMessage(findOwn(id, user).chatRoomIdentifier, text);
    },

    /** Rooms the user is in, then rooms open to everyone. */
    list(user: User) {
      const own = records.ofUser(user.id);
      const open = records.ofType(roomTypes.massPublic, maxPublicRooms);
      const others = open.filter((room) => !own.some(({ id }) => id === room.id));
      return [...own, ...others].map((room) => describe(room, user));
    },

    /** [1] the app asks, [2] we ask Parlance, [3] we keep what it answered, [4] the app gets the room. */
    async create(
      name: string,
      type: number,
      owner: User | null,
      members: User[],
      greeting: string,
    ): Promise<Room> {
      const memberIds = [...new Set([owner, ...members].flatMap((user) => (user ? [user.id] : [])))];
      if (memberIds.length > maxMembers) throw new Refusal(409, `A room takes ${maxMembers} people.`);
      checkSpace(memberIds);
      const chatRoomIdentifier = await parlance.createRoom(type, memberIds);
      const room = records.create({ chatRoomIdentifier, name, type, ownerId: owner?.id ?? null }, memberIds);
      await tell(room, greeting);
      return room;
    },

    async join(id: number, user: User): Promise<Room> {
      const room = find(id);
      if (room.type !== roomTypes.massPublic) throw new Refusal(403, "A member has to add you to this room.");
      if (await admit(room, user)) await tell(room, `${user.name} joined`);
      return room;
    },

    async add(id: number, user: User, added: User): Promise<Room> {
      const room = findOwn(id, user);
      if (await admit(room, added)) await tell(room, `${user.name} added ${added.name}`);
      return room;
    },

    async remove(id: number, user: User, removedId: string): Promise<Room> {
      const room = findOwned(id, user);
      const removed = records.listMembers(id, maxMembers).find((member) => member.id === removedId);
      if (!removed || removedId === user.id) throw new Refusal(404, "There is no such member to remove.");
      await parlance.removeUsers(room.chatRoomIdentifier, [removedId]).catch(unlessGone);
      records.deleteMember(id, removedId);
      await tell(room, `${user.name} removed ${removed.name}`);
      return room;
    },

    /** The next member in line inherits the room; the last one turns off the light. */
    async leave(id: number, user: User): Promise<void> {
      const room = findOwn(id, user);
      await parlance.removeUsers(room.chatRoomIdentifier, [user.id]).catch(unlessGone);
      records.deleteMember(id, user.id);
      const heir = records.listMembers(id, 1)[0];
      if (heir && room.ownerId === user.id) records.setOwner(id, heir.id);
      if (heir || room.ownerId === null) return tell(room, `${user.name} left`);
      records.delete(id);
      await parlance.deleteRoom(room.chatRoomIdentifier).catch(unlessGone);
    },

    async rename(id: number, user: User, name: string): Promise<Room> {
      const room = { ...findOwned(id, user), name };
      records.rename(id, name);
      await tell(room, `${user.name} renamed the room to “${name}”`);
      return room;
    },

    /** Our record goes first, so that the pages which ask again on the last message no longer find the room. */
    async delete(id: number, user: User): Promise<void> {
      const room = findOwned(id, user);
      records.delete(id);
      await tell(room, `${user.name} deleted the room`);
      await parlance.deleteRoom(room.chatRoomIdentifier).catch(unlessGone);
    },
  };
};

export type Rooms = ReturnType<typeof openRooms>;
