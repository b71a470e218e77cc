/** What is copied of profiles, friends and hosted groups. */

import { flag, hasConversation, int8, isOfLiveConversation, optional, type Table, text } from "./columns.ts";

const ofConversation = { where: isOfLiveConversation, takes: hasConversation };

export const hostingTables: readonly Table[] = [
  {
    name: "profiles",
    columns: [text("user_id"), int8("version"), text("fields"), text("own_fields"), int8("created_at")],
    keyLength: 1,
  },
  {
    name: "friend_lists",
    columns: [text("user_id"), optional(flag("permission")), int8("friend_count")],
    keyLength: 1,
  },
  {
    name: "friends",
    columns: [
      text("user_id"),
      text("friend_id"),
      text("remark_name"),
      text("own_fields"),
      int8("created_at"),
    ],
    keyLength: 2,
  },
  {
    name: "friend_applications",
    columns: [text("user_id"), text("target_id"), text("extra"), int8("expires_at")],
    keyLength: 2,
  },
  {
    name: "hosted_groups",
    columns: [
      int8("conversation_id"),
      text("owner_id"),
      text("creator_id"),
      text("fields"),
      text("own_fields"),
      text("permissions"),
      int8("created_at"),
    ],
    keyLength: 1,
    ...ofConversation,
  },
  {
    name: "hosted_members",
    columns: [
      int8("conversation_id"),
      text("user_id"),
      flag("is_admin"),
      text("nickname"),
      text("extra"),
      text("remark_name"),
    ],
    keyLength: 2,
    ...ofConversation,
  },
  {
    name: "group_follows",
    columns: [int8("conversation_id"), text("user_id"), text("followed_id"), int8("since")],
    keyLength: 3,
    ...ofConversation,
  },
];
