import type { Millis, Store } from "../../ports/store.ts";
import type { Core } from "../core.ts";
import { announceChange } from "./announce.ts";

export interface SettlingOptions {
  store: Store;
  coreOf(appId: number): Core | undefined;
  /** Who is offline for longer has left. */
  grace: Millis;
  onError(error: unknown): void;
}

const piece = 500;
/** Milliseconds between looks, as a part of the grace. */
const looksPerGrace = 10;
const [shortestPause, longestPause] = [100, 5000];

/**
 * Sees to it that people who are gone leave their chatrooms. Every node looks; the store gives what is due to one of
 * them. Returns how to stop.
 */
export function startSettling({ store, coreOf, grace, onError }: SettlingOptions): () => void {
  const pause = Math.min(longestPause, Math.max(shortestPause, grace / looksPerGrace));
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const work = async () => {
    try {
      for (const appId of await store.apps.listUnsettled(grace)) {
        const core = coreOf(appId);
        if (core && !isStopped) await settleChatrooms(core, grace);
      }
    } catch (error) {
      if (!isStopped) onError(error);
    }
    if (!isStopped) timer = setTimeout(work, pause);
  };
  timer = setTimeout(work, pause);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

/** Lets those leave who have been offline for longer than the grace, and tells who is left. */
export async function settleChatrooms(core: Core, grace: Millis): Promise<void> {
  for (;;) {
    const { settled, changes } = await core.store.settleChatrooms(grace, piece);
    if (changes.length > 0) {
      const heads = await core.store.findHeads(changes.map(({ conversationId }) => conversationId));
      const rooms = new Map(heads.map(({ conversation }) => [conversation.id, conversation]));
      for (const change of changes) {
        const conversation = rooms.get(change.conversationId);
        if (conversation) announceChange(core, conversation, change);
      }
    }
    if (settled < piece) return;
  }
}
