import { ParlanceError } from "../../errors.ts";
import type { Conversation } from "../../ports/store.ts";
import { assertSender, broadcastKey } from "../conversations/conversation-name.ts";
import type { Core } from "../core.ts";

const kinds = ["system"] as const;

/** What was said to everybody under this name; null: nothing ever was. */
export const findBroadcast = (core: Core, sender: string): Promise<Conversation | null> =>
  core.conversations.find(broadcastKey(sender), kinds);

/**
 * Where the app speaks to all of its users under one name: one log, whoever is a user sees it from then on. Found or made,
 * whoever else does the same. Throws `invalidInput` for what can't be a name, and for one more than the app may have
 * (`broadcastSenders`): each is on the list of every user.
 */
export async function openBroadcast(core: Core, sender: string): Promise<Conversation> {
  assertSender(sender);
  const found = await findBroadcast(core, sender);
  if (found) return found;
  const most = core.settings.broadcastSenders;
  if ((await core.store.listBroadcasts()).length >= most)
    throw new ParlanceError("invalidInput", {
      sender: `An app speaks to everybody under no more than ${most} names.`,
    });
  const key = broadcastKey(sender);
  const wanted = { kind: "system", key, admission: "everyone", memberIds: [] } as const;
  const { conversation, isNew } = await core.store.ensureConversation({ ...wanted, memberIds: [] });
  if (isNew) core.log.info({ conversation: key }, "broadcast conversation created");
  return conversation;
}
