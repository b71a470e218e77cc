/** Whom a notification of the app's own is for, read in pages in the order of user ids. */

import type { Core } from "../core.ts";

export interface TagItem {
  tags: string[];
  /** Within the item. */
  tagsOperator: "AND" | "OR";
  /** True: those whom the rest of the item does not describe. */
  isNot: boolean;
  /** With what the items before it say. */
  itemsOperator: "AND" | "OR";
}

/** All that is given must be so; with nothing given, it is for everybody. */
export interface Audience {
  /** Wins over everything else. */
  userIds?: string[];
  /** Each of them. */
  tags?: string[];
  /** At least one of them. */
  anyTags?: string[];
  items?: TagItem[];
}

/** Users of one page; read in one go, with their tags. */
export const audiencePage = 500;

/**
 * The next users after `after`, at most 500. `next` is where the page after begins; null: this was the last. A page may be
 * empty and not the last. `onlyPushable`: users whom no notification can reach are of no use.
 */
export async function readAudience(
  core: Core,
  audience: Audience,
  after: string | null,
  onlyPushable: boolean,
): Promise<{ userIds: string[]; next: string | null }> {
  const candidates = await readCandidates(core, audience, after, onlyPushable);
  const next = candidates.length < audiencePage ? null : (candidates.at(-1) ?? null);
  if (audience.userIds || !hasTags(audience)) return { userIds: candidates, next };
  const tags = new Map(
    (await core.store.listUserTags(candidates)).map((one) => [one.userId, new Set(one.tags)]),
  );
  return { userIds: candidates.filter((userId) => isMeant(audience, tags.get(userId) ?? none)), next };
}

const none: ReadonlySet<string> = new Set();

const hasTags = ({ tags = [], anyTags = [], items = [] }: Audience): boolean =>
  tags.length + anyTags.length + items.length > 0;

async function readCandidates(
  core: Core,
  { userIds, tags = [], anyTags = [] }: Audience,
  after: string | null,
  onlyPushable: boolean,
): Promise<string[]> {
  const { store } = core;
  if (userIds)
    return inOrder(userIds)
      .filter((userId) => after === null || compare(userId, after) > 0)
      .slice(0, audiencePage);
  const [rarest] = tags;
  if (rarest !== undefined) return store.pageTaggedUsers(rarest, after, audiencePage);
  if (anyTags.length > 0) {
    const lists = await Promise.all(anyTags.map((tag) => store.pageTaggedUsers(tag, after, audiencePage)));
    // Each list has its first ones, so that the first ones of all are among them.
    return inOrder(lists.flat()).slice(0, audiencePage);
  }
  return onlyPushable ? store.pagePushUsers(after, audiencePage) : store.pageUsers(after, audiencePage);
}

/** As the stores order texts: by their bytes. */
const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
const inOrder = (userIds: readonly string[]): string[] => [...new Set(userIds)].sort(compare);

export function isMeant(
  { tags = [], anyTags = [], items = [] }: Audience,
  own: ReadonlySet<string>,
): boolean {
  if (!tags.every((tag) => own.has(tag))) return false;
  if (anyTags.length > 0 && !anyTags.some((tag) => own.has(tag))) return false;
  let isSo = true;
  for (const [index, item] of items.entries()) {
    const isDescribed =
      item.tagsOperator === "AND"
        ? item.tags.every((tag) => own.has(tag))
        : item.tags.some((tag) => own.has(tag));
    const holds = isDescribed !== item.isNot;
    if (index === 0) isSo = holds;
    else isSo = item.itemsOperator === "AND" ? isSo && holds : isSo || holds;
  }
  return isSo;
}
