import { ParlanceError } from "../../errors.ts";
import type { AppStore } from "../../ports/store.ts";
import { peerOf } from "../conversations/direct.ts";
import type { SendCheck } from "../messages/permit-send.ts";

/** Why somebody's client may not write to somebody; null: it may. */
export type DirectRefusal = "directMuted" | "blockedByUser" | "notAllowedByUser";
type Verdict = DirectRefusal | null;

/** What a node remembers of one user. */
interface Rules {
  isMuted: boolean;
  usesAllowlist: boolean;
  /** On which of the two lists is anybody at all. */
  hasBlocked: boolean;
  /** Of those who wrote lately, whether they are on a list; null: nobody was looked up. */
  isListed: Map<string, boolean> | null;
}

/** Users that a node remembers the rules of, and of one user those who wrote to them; the oldest are forgotten. */
const mostUsers = 100_000;
const mostSenders = 200;

/**
 * Who may write to whom, from memory. Whatever changes a rule tells every node (`directRulesChanged`), which forgets what it
 * knew; a node that may have missed something forgets everything.
 */
export class DirectRules {
  readonly #store: AppStore;
  readonly #known = new Map<string, Rules>();
  /** Rises with each change, so that what is read during one isn't kept. */
  #changes = 0;

  constructor(store: AppStore) {
    this.#store = store;
  }

  /** Undefined: ask. */
  peek(senderId: string, recipientId: string, isStrict: boolean): Verdict | undefined {
    const [sender, recipient] = [this.#known.get(senderId), this.#known.get(recipientId)];
    if (sender === undefined || recipient === undefined) return undefined;
    if (sender.isMuted) return "directMuted";
    const usesAllowlist = isStrict || recipient.usesAllowlist;
    if (!usesAllowlist && !recipient.hasBlocked) return null;
    const isListed = recipient.isListed?.get(entryOf(usesAllowlist, senderId));
    return isListed === undefined ? undefined : verdictOf(usesAllowlist, isListed);
  }

  /** `isStrict`: everybody of the app uses their allowlist. */
  async ask(senderId: string, recipientId: string, isStrict: boolean): Promise<Verdict> {
    const changes = this.#changes;
    const [sender, recipient] = await Promise.all([this.#rulesOf(senderId), this.#rulesOf(recipientId)]);
    if (sender.isMuted) return "directMuted";
    const usesAllowlist = isStrict || recipient.usesAllowlist;
    if (!usesAllowlist && !recipient.hasBlocked) return null;
    const list = usesAllowlist ? "allow" : "block";
    const isListed = (await this.#store.findListing([recipientId], list, senderId)).length > 0;
    if (changes === this.#changes) {
      recipient.isListed ??= new Map();
      keep(recipient.isListed, entryOf(usesAllowlist, senderId), isListed, mostSenders);
    }
    return verdictOf(usesAllowlist, isListed);
  }

  forget(userIds: readonly string[]): void {
    this.#changes++;
    for (const userId of userIds) this.#known.delete(userId);
  }

  forgetAll(): void {
    this.#changes++;
    this.#known.clear();
  }

  async #rulesOf(userId: string): Promise<Rules> {
    const known = this.#known.get(userId);
    if (known) return known;
    const changes = this.#changes;
    const [[state], blocked] = await Promise.all([
      this.#store.findUserStates([userId]),
      this.#store.listContacts(userId, "block", { before: null, limit: 1 }),
    ]);
    const rules: Rules = {
      isMuted: state?.isDirectMuted ?? false,
      usesAllowlist: state?.usesAllowlist ?? false,
      hasBlocked: blocked.length > 0,
      isListed: null,
    };
    if (changes === this.#changes) keep(this.#known, userId, rules, mostUsers);
    return rules;
  }
}

const entryOf = (usesAllowlist: boolean, senderId: string): string =>
  `${usesAllowlist ? "+" : "-"}${senderId}`;

const verdictOf = (usesAllowlist: boolean, isListed: boolean): Verdict => {
  if (usesAllowlist) return isListed ? null : "notAllowedByUser";
  return isListed ? "blockedByUser" : null;
};

/** Those that came last are kept. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= most) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

/** One-to-one: the app may have muted the sender, and the recipient may not want to hear from them. */
export const checkDirect: SendCheck = (core, { conversation, senderId }) => {
  if (conversation.kind !== "direct") return null;
  const recipientId = peerOf(conversation.key, senderId);
  // Notes to oneself.
  if (recipientId === senderId) return null;
  const isStrict = core.settings.usesAllowlists;
  const verdict = core.directRules.peek(senderId, recipientId, isStrict);
  if (verdict === undefined) return core.directRules.ask(senderId, recipientId, isStrict).then(enforce);
  enforce(verdict);
  return null;
};

function enforce(verdict: Verdict): void {
  if (verdict !== null) throw new ParlanceError(verdict);
}
