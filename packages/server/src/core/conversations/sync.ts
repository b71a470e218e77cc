import { ParlanceError } from "../../errors.ts";
import type { ConversationState, LostConversation, SyncPosition } from "../../ports/store-conversations.ts";
import { TOMBSTONE_MICROS } from "../../ports/store-conversations.ts";
import type { Core } from "../core.ts";
import { boundPage, countCap } from "./bounds.ts";
import { decodeToken, encodeToken } from "./page-token.ts";

export interface SyncedConversations {
  /** Whole present states; `isRemoved`: the user took it off the list. */
  conversations: ConversationState[];
  /** No longer the user's: removed from it, or it is deleted. */
  lost: LostConversation[];
  /** To be kept instead of the one given. */
  cursor: string;
  /** More of this synchronisation waits behind the cursor; a page may be empty and not the last. */
  hasMore: boolean;
  /** It began with null: what it does not name, on any page, is not the user's. */
  isFull: boolean;
}

const dayMicros = 24 * 3600 * 1_000_000;
/** Older ones could miss a removal that is forgotten by now. */
const oldestMicros = TOMBSTONE_MICROS - dayMicros;
/** A cursor so far ahead comes from a clock that was wrong then: what changed meanwhile has earlier times. */
const aheadMicros = 300 * 1_000_000;

/**
 * Every conversation of the user's that changed since the cursor (null: all of them), with its whole present state:
 * what comes twice does no harm, and nothing is missed (`adapters/store-sql/operations/sync.ts` says why). Throws
 * `tooOld` when the client must begin with null again, `invalidInput` for what is no cursor.
 */
export async function syncConversations(
  core: Core,
  userId: string,
  cursor: string | null,
  limit: number,
): Promise<SyncedConversations> {
  const position = cursor === null ? start : readPosition(cursor);
  const { since } = position;
  const page = await core.store.syncConversations(userId, position, {
    limit: boundPage(limit),
    unreadCap: countCap,
  });
  const { states, lost, until, nextAfterId } = page;
  if (since !== null && (until - since > oldestMicros || since - until > aheadMicros))
    throw new ParlanceError("tooOld");
  // It may be behind what an earlier one reached, because of a transaction that is older or a clock that was set back:
  // everything up to there was read all the same.
  const reached = Math.max(until, since ?? 0);
  return {
    conversations: states,
    lost,
    cursor: encodeToken("s", nextAfterId === null ? [reached, null, 0] : [since, until, nextAfterId]),
    hasMore: nextAfterId !== null,
    isFull: since === null,
  };
}

const start: SyncPosition = { since: null, until: null, afterId: 0 };

function readPosition(token: string): SyncPosition {
  const [since = null, until = null, afterId] = decodeToken("s", token, 3);
  return { since, until, afterId: afterId ?? 0 };
}
