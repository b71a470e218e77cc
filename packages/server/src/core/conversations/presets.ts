/** What a back end sets for its users: their own devices see it at once, whether they have written there or not. */

import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import type { MuteLevel, OwnSettings, PresetSettings } from "../../ports/store-conversations.ts";
import type { Core } from "../core.ts";
import { tagsPerUser } from "./bounds.ts";
import {
  type ConversationName,
  openConversation,
  openSystemConversation,
  resolveConversation,
} from "./conversation-name.ts";
import { peerOf } from "./direct.ts";
import { tellOwner } from "./settings.ts";
import { createTag, listTags, removeTag } from "./tags.ts";

/** Conversations with one tag; the oldest give way to a new one. */
export const conversationsPerTag = 1000;
export const conversationsPerTagging = 100;

/**
 * The conversation, made if there is none: a group without members, a direct one that the other user does not see before
 * something is said there. Throws `invalidInput`.
 */
async function placeFor(core: Core, userId: string, name: ConversationName): Promise<Conversation> {
  const known = await findPlace(core, userId, name);
  if (known) return known;
  if (name.kind === "system") return openSystemConversation(core, userId, name.id);
  if (name.kind === "direct") {
    const made = await openConversation(core, userId, name);
    const peer = peerOf(made.key, userId);
    if (peer !== userId) await core.store.removeFromList(made.id, peer);
    return made;
  }
  const group = { kind: name.kind, key: name.id, admission: "members", memberIds: [] as string[] } as const;
  return (await core.store.ensureConversation({ ...group, memberIds: [] })).conversation;
}

/** Null: there is none. */
async function findPlace(core: Core, userId: string, name: ConversationName): Promise<Conversation | null> {
  try {
    return await resolveConversation(core, userId, name);
  } catch (error) {
    if (error instanceof ParlanceError && error.code === "conversationNotFound") return null;
    throw error;
  }
}

/** What isn't named stays. */
export async function presetSettings(
  core: Core,
  userId: string,
  name: ConversationName,
  change: PresetSettings,
): Promise<void> {
  const conversation = await placeFor(core, userId, name);
  await core.store.presetSettings(conversation.id, userId, change);
  tellOwner(core, userId, conversation, "settings");
}

/** As the user, or a back end for them, set it; null: nothing was ever set. */
export async function findSettings(
  core: Core,
  userId: string,
  name: ConversationName,
): Promise<OwnSettings | null> {
  const conversation = await findPlace(core, userId, name);
  return conversation && core.store.findOwnSettings(conversation.id, userId);
}

export async function findMuteLevel(core: Core, userId: string, name: ConversationName): Promise<MuteLevel> {
  return (await findSettings(core, userId, name))?.muteLevel ?? 0;
}

/** Makes or renames tags, all or none of them if there would be too many. Throws `invalidInput`. */
export async function saveTags(
  core: Core,
  userId: string,
  tags: readonly { id: string; name: string }[],
): Promise<void> {
  const known = await listTags(core, userId);
  const ids = new Set([...known.map(({ id }) => id), ...tags.map(({ id }) => id)]);
  if (ids.size > tagsPerUser)
    throw new ParlanceError("invalidInput", { tags: `A user has no more than ${tagsPerUser} tags.` });
  for (const tag of tags) await createTag(core, userId, tag);
}

/** Those that the user doesn't have are passed over. */
export async function removeTags(core: Core, userId: string, tagIds: readonly string[]): Promise<void> {
  for (const id of tagIds)
    await removeTag(core, userId, id).catch((error) => {
      if (!(error instanceof ParlanceError) || error.code !== "notFound") throw error;
    });
}

/** Throws `notFound` for a tag that the user doesn't have. */
export async function tagConversations(
  core: Core,
  userId: string,
  tagId: string,
  names: readonly ConversationName[],
): Promise<void> {
  // First, so that no conversation is made for nothing.
  if (!(await listTags(core, userId)).some(({ id }) => id === tagId)) throw noTag();
  const places = await placesFor(names, (name) => placeFor(core, userId, name));
  const ids = places.map(({ id }) => id);
  const changed = await core.store.tagConversations(userId, tagId, ids, conversationsPerTag);
  await tellOf(core, userId, places, changed);
}

/** Conversations that don't have it, or aren't there, are passed over. Throws `notFound` as above. */
export async function untagConversations(
  core: Core,
  userId: string,
  tagId: string,
  names: readonly ConversationName[],
): Promise<void> {
  if (!(await listTags(core, userId)).some(({ id }) => id === tagId)) throw noTag();
  const places = await placesFor(names, (name) => findPlace(core, userId, name));
  const ids = places.map(({ id }) => id);
  await tellOf(core, userId, places, await core.store.untagConversations(userId, tagId, ids));
}

const noTag = () => new ParlanceError("notFound", {}, "The user has no such tag.");

async function placesFor(
  names: readonly ConversationName[],
  find: (name: ConversationName) => Promise<Conversation | null>,
): Promise<Conversation[]> {
  const places: Conversation[] = [];
  for (const name of names) {
    const place = await find(name);
    if (place) places.push(place);
  }
  return places;
}

/** Others that lost the tag are found with the next synchronisation, and by what is told of the user's tags. */
async function tellOf(core: Core, userId: string, places: readonly Conversation[], ids: number[]) {
  const changed = new Set(ids);
  const isHere = new Set(places.map(({ id }) => id));
  for (const place of places) if (changed.has(place.id)) tellOwner(core, userId, place, "tags");
  if (ids.some((id) => !isHere.has(id)))
    core.publish({ kind: "conversationChanged", userId, conversation: null, what: "tags" });
}
