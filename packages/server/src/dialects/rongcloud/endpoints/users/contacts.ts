/** Whom users hear in one-to-one conversations: blocklists, allowlists, and which of the two is in use. */

import Type from "typebox";
import type { Core } from "../../../../core/core.ts";
import {
  addContacts,
  listContacts,
  removeContacts,
  setAllowlistUse,
  whoUseAllowlists,
} from "../../../../core/users/contacts.ts";
import type { ContactListName } from "../../../../ports/store-users.ts";
import { row } from "../../endpoint.ts";
import { choice, ids, optional, text, userId, wholeNumber } from "../../params.ts";

const mostOfPage = 1000;
const blackUserId = ids({ max: 20, description: "Whom they don't hear." });
const whiteUserId = ids({ max: 20, description: "Whom they hear." });

const page = {
  pageToken: optional(text({ maxBytes: 512, description: "`next` of the page before." })),
  size: optional(wholeNumber({ minimum: 1, maximum: mostOfPage, default: mostOfPage })),
};
const pageResult = {
  users: Type.Array(Type.String()),
  next: Type.Optional(Type.String({ description: "Only where more follow." })),
};
const pageExample = {
  params: { userId: "u01", size: 1000 },
  result: { users: ["u20"], next: "MTc5NTIvdTIw" },
};

async function query(
  core: Core,
  list: ContactListName,
  { userId, pageToken, size = mostOfPage }: { userId: string; pageToken?: string; size?: number },
) {
  const { userIds, next } = await listContacts(core, userId, list, { token: pageToken || null, limit: size });
  return { users: userIds, ...(next !== null && { next }) };
}

export const contactRows = [
  row({
    path: "/user/blacklist/add.json",
    aliases: ["/user/blocklist/add.json"],
    summary: "Put users on a user's blocklist.",
    notes: [
      "Their clients are refused when they write to the user one to one; the user may still write to them. A list holds up to 3000 (the app's maxContacts); if there would be more, nobody is added.",
    ],
    params: { userId, blackUserId },
    example: { params: { userId: "u01", blackUserId: ["u20", "u21"] } },
    run: (core, { userId, blackUserId }) => addContacts(core, userId, "block", blackUserId),
  }),
  row({
    path: "/user/blacklist/remove.json",
    aliases: ["/user/blocklist/remove.json"],
    summary: "Take users off a user's blocklist.",
    params: { userId, blackUserId },
    example: { params: { userId: "u01", blackUserId: ["u20"] } },
    run: (core, { userId, blackUserId }) => removeContacts(core, userId, "block", blackUserId),
  }),
  row({
    path: "/user/blacklist/query.json",
    aliases: ["/user/blocklist/query.json"],
    summary: "List a user's blocklist, newest first.",
    params: { userId, ...page },
    result: pageResult,
    example: pageExample,
    run: (core, params) => query(core, "block", params),
  }),
  row({
    path: "/user/whitesetting/set.json",
    summary: "Say which of their lists users use: the allowlist or the blocklist.",
    notes: [
      "One of the two is in use, and the other one is kept. Where the app's setting usesAllowlists puts everybody on allowlists, going back to the blocklist is refused.",
    ],
    params: {
      userId: ids({ max: 20 }),
      whiteSetting: choice([0, 1], { description: "1: the allowlist; 0: the blocklist." }),
    },
    example: { params: { userId: ["u01"], whiteSetting: 0 } },
    run: (core, { userId, whiteSetting }) => setAllowlistUse(core, userId, whiteSetting === 1),
  }),
  row({
    path: "/user/whitesetting/query.json",
    summary: "Ask which of their lists users use.",
    params: { userId: ids({ max: 20 }) },
    result: { users: Type.Array(Type.Object({ whiteSetting: Type.String(), userId: Type.String() })) },
    example: { params: { userId: ["u01"] }, result: { users: [{ whiteSetting: "0", userId: "u01" }] } },
    async run(core, { userId }) {
      const strict = await whoUseAllowlists(core, userId);
      return { users: userId.map((id) => ({ whiteSetting: strict.has(id) ? "1" : "0", userId: id })) };
    },
  }),
  row({
    path: "/user/whitelist/add.json",
    summary: "Put users on a user's allowlist.",
    notes: [
      "While the user uses it, the clients of all others are refused when they write to the user one to one. Two who want to talk need each other on their lists. Up to 3000 (the app's maxContacts).",
    ],
    params: { userId, whiteUserId },
    example: { params: { userId: "u01", whiteUserId: ["u20", "u21"] } },
    run: (core, { userId, whiteUserId }) => addContacts(core, userId, "allow", whiteUserId),
  }),
  row({
    path: "/user/whitelist/remove.json",
    summary: "Take users off a user's allowlist.",
    params: { userId, whiteUserId },
    example: { params: { userId: "u01", whiteUserId: ["u20"] } },
    run: (core, { userId, whiteUserId }) => removeContacts(core, userId, "allow", whiteUserId),
  }),
  row({
    path: "/user/whitelist/query.json",
    summary: "List a user's allowlist, newest first.",
    params: { userId, ...page },
    result: pageResult,
    example: pageExample,
    run: (core, params) => query(core, "allow", params),
  }),
];
