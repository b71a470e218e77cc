import type { Participant } from "../conversations/admission.ts";

/** What happened to a user while their memberships were being read. */
interface Loading {
  changes: { conversationId: number; isMember: boolean }[];
  hasNewData: boolean;
}

/** A user with at least one connection here, or about to have one. `Link` is the gateway's connection. */
export class OnlineUser<Link> implements Participant {
  readonly userId: string;
  /** What the app wants shown beside the user; JSON text. */
  userData: string | null = null;
  /** One per device. */
  readonly links: Link[] = [];
  /** Null while memberships are known. */
  loading: Loading | null = { changes: [], hasNewData: false };
  /** Resolves when memberships are known. */
  ready: Promise<void> | null = null;
  /** Most people are in few conversations, and most connections are idle: an array is a fifth of a small Set. */
  conversationIds: number[] | Set<number> = [];

  constructor(userId: string) {
    this.userId = userId;
  }

  isMemberOf(conversationId: number): boolean {
    const ids = this.conversationIds;
    return Array.isArray(ids) ? ids.includes(conversationId) : ids.has(conversationId);
  }

  /** False if it was so already. */
  setMember(conversationId: number, isMember: boolean): boolean {
    if (this.isMemberOf(conversationId) === isMember) return false;
    const ids = this.conversationIds;
    if (!Array.isArray(ids)) {
      if (isMember) ids.add(conversationId);
      else ids.delete(conversationId);
    } else if (!isMember) {
      ids.splice(ids.indexOf(conversationId), 1);
    } else {
      ids.push(conversationId);
      if (ids.length > mostInArray) this.conversationIds = new Set(ids);
    }
    return true;
  }
}

const mostInArray = 16;
