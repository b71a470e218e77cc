import Type from "typebox";
import { addMembers, removeMembers } from "../../../core/conversations/change-members.ts";
import { createConversation } from "../../../core/conversations/create-conversation.ts";
import { deleteConversation } from "../../../core/conversations/delete-conversation.ts";
import type { Core } from "../../../core/core.ts";
import { ParlanceError } from "../../../errors.ts";
import { type Endpoint, endpoint } from "../../../http/endpoint.ts";
import type { Conversation } from "../../../ports/store.ts";
import { findRoom, type RoomType, roomTypes } from "../rooms.ts";
import { localId, wireId } from "../wire-ids.ts";
import { exampleRoom, roomIdentifier, roomResult, userIdentifiers } from "./parameters.ts";

const localIds = (core: Core, ids: readonly string[]): string[] => ids.map((id) => localId(id, core.app.key));

const answer = (core: Core, room: Conversation) => ({ identifier: wireId(room.key, core.app.key) });

async function createRoom(core: Core, type: RoomType, memberIds: string[]) {
  if (type === 1 && memberIds.length === 0) {
    throw new ParlanceError("invalidInput", {
      fields: { application_users_identifiers: ["This field is required."] },
    });
  }
  const { kind, admission } = roomTypes[type];
  return answer(core, await createConversation(core, { kind, admission, memberIds }));
}

const changeParams = Type.Object({
  chat_room_identifier: roomIdentifier,
  application_users_identifiers: userIdentifiers,
});

const changeExample = {
  params: { chat_room_identifier: exampleRoom, application_users_identifiers: ["43", "44"] },
  result: { identifier: exampleRoom },
};

export const chatRoomEndpoints: Endpoint<Core>[] = [
  endpoint({
    method: "POST",
    path: "/chat-room/",
    summary: "Create a chat room and get its identifier.",
    notes: [
      "Type 1, REGULAR: members only; read marks and unread counts.",
      "Type 2, MASS_PUBLIC: anybody may send and read history, members hear it live; no read marks.",
      "Type 3, MASS_PRIVATE: members only; no read marks.",
      "Your back end is the source of truth about rooms: keep the identifier, there is no call that lists rooms.",
    ],
    params: Type.Object({
      application_users_identifiers: Type.Optional(
        Type.Array(userIdentifiers.items, {
          description: "Your own ids of the members; required for type 1. As a form: the key repeated.",
        }),
      ),
      type: Type.Optional(
        Type.Integer({
          enum: [1, 2, 3],
          description: "1 REGULAR (when absent), 2 MASS_PUBLIC, 3 MASS_PRIVATE.",
        }),
      ),
    }),
    status: 201,
    result: roomResult,
    refusals: [400],
    example: {
      params: { application_users_identifiers: ["42", "43"], type: 1 },
      result: { identifier: exampleRoom },
    },
    run: (core, { type = 1, application_users_identifiers = [] }) =>
      createRoom(core, type as RoomType, localIds(core, application_users_identifiers)),
  }),
  endpoint({
    method: "POST",
    path: "/chat-room/{chat_room_identifier}/add-users/",
    summary: "Add users to a chat room; they hear it at once and may read its whole history.",
    params: changeParams,
    status: 200,
    result: roomResult,
    refusals: [400, 404],
    example: changeExample,
    run: async (core, params) => {
      const room = await findRoom(core, params.chat_room_identifier);
      await addMembers(core, room, localIds(core, params.application_users_identifiers));
      return answer(core, room);
    },
  }),
  endpoint({
    method: "POST",
    path: "/chat-room/{chat_room_identifier}/remove-users/",
    summary: "Remove users from a chat room; they hear nothing more of it, what they wrote stays.",
    params: changeParams,
    status: 200,
    result: roomResult,
    refusals: [400, 404],
    example: changeExample,
    run: async (core, params) => {
      const room = await findRoom(core, params.chat_room_identifier);
      await removeMembers(core, room, localIds(core, params.application_users_identifiers));
      return answer(core, room);
    },
  }),
  endpoint({
    method: "DELETE",
    path: "/chat-room/{chat_room_identifier}/",
    summary: "Delete a chat room with its messages; it ends for everybody at once.",
    params: Type.Object({ chat_room_identifier: roomIdentifier }),
    status: 204,
    refusals: [404],
    example: { params: { chat_room_identifier: exampleRoom } },
    run: async (core, params) => deleteConversation(core, await findRoom(core, params.chat_room_identifier)),
  }),
];
