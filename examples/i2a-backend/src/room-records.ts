/** The records of rooms and members in our own database: plain reading and writing, no rules. */
import type { DatabaseSync } from "node:sqlite";
import type { User } from "./users.ts";

export interface Room {
  id: number;
  /** What Parlance calls the room; the page uses it on the socket. */
  chatRoomIdentifier: string;
  name: string;
  type: number;
  /** Null: nobody's, so nobody may rename or delete it. */
  ownerId: string | null;
}

const columns = "rooms.id, chat_room_identifier as chatRoomIdentifier, name, type, owner_id as ownerId";

export const openRoomRecords = (database: DatabaseSync) => {
  const byId = database.prepare(`select ${columns} from rooms where id = ?`);
  const byUser = database.prepare(
    `select ${columns} from members join rooms on rooms.id = members.room_id
     where members.user_id = ? order by rooms.id`,
  );
  const byType = database.prepare(`select ${columns} from rooms where type = ? order by id limit ?`);
  const insert = database.prepare(
    "insert into rooms (chat_room_identifier, name, type, owner_id) values (?, ?, ?, ?) returning id",
  );
  const rename = database.prepare("update rooms set name = ? where id = ?");
  const setOwner = database.prepare("update rooms set owner_id = ? where id = ?");
  const remove = database.prepare("delete from rooms where id = ?");
  const insertMember = database.prepare(
    "insert or ignore into members (room_id, user_id, joined_at) values (?, ?, ?)",
  );
  const deleteMember = database.prepare("delete from members where room_id = ? and user_id = ?");
  const isMember = database.prepare("select 1 from members where room_id = ? and user_id = ?");
  const countMembers = database.prepare("select count(*) as count from members where room_id = ?");
  const listMembers = database.prepare(
    `select users.id, users.name, users.hue from members join users on users.id = members.user_id
     where room_id = ? order by joined_at, users.id limit ?`,
  );
  const countRooms = database.prepare("select count(*) as count from members where user_id = ?");

  const addMembers = (roomId: number, userIds: string[]) => {
    // Those who come together keep their order.
    userIds.forEach((userId, index) => void insertMember.run(roomId, userId, Date.now() + index));
  };

  return {
    find: (id: number) => byId.get(id) as Room | undefined,
    ofUser: (userId: string) => byUser.all(userId) as unknown as Room[],
    ofType: (type: number, limit: number) => byType.all(type, limit) as unknown as Room[],
    create(room: Omit<Room, "id">, memberIds: string[]): Room {
      database.exec("begin immediate");
      try {
        const { id } = insert.get(room.chatRoomIdentifier, room.name, room.type, room.ownerId) as {
          id: number;
        };
        addMembers(id, memberIds);
        database.exec("commit");
        return { id, ...room };
      } catch (error) {
        database.exec("rollback");
        throw error;
      }
    },
    rename: (id: number, name: string) => void rename.run(name, id),
    setOwner: (id: number, userId: string) => void setOwner.run(userId, id),
    delete: (id: number) => void remove.run(id),
    addMembers,
    deleteMember: (id: number, userId: string) => void deleteMember.run(id, userId),
    isMember: (id: number, userId: string) => isMember.get(id, userId) !== undefined,
    countMembers: (id: number) => (countMembers.get(id) as { count: number }).count,
    listMembers: (id: number, limit: number) => listMembers.all(id, limit) as unknown as User[],
    countRooms: (userId: string) => (countRooms.get(userId) as { count: number }).count,
  };
};

export type RoomRecords = ReturnType<typeof openRoomRecords>;
