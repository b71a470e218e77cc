import type { AppStore } from "../../ports/store.ts";
import type { CoreEvent } from "../events.ts";
import { MemberWriter } from "./member-writer.ts";
import { MessageRate } from "./message-rate.ts";

/** What the deployment allows in chatrooms. */
export interface ChatroomBounds {
  /** Whether a chatroom comes into being when somebody joins it; if not, the back end makes it. */
  areMadeByJoining: boolean;
  /** Chatrooms that one user may be in. */
  perUser: number;
  /** Messages of people that one chatroom takes in 200 ms. */
  messages: number;
}

export const defaultChatroomBounds: ChatroomBounds = { areMadeByJoining: true, perUser: 20, messages: 40 };

/** What one app's chatrooms need on this node besides the store. */
export class Chatrooms {
  readonly bounds: ChatroomBounds;
  readonly members: MemberWriter;
  readonly rate: MessageRate;

  constructor(store: AppStore, publish: (event: CoreEvent) => void, bounds: ChatroomBounds) {
    this.bounds = bounds;
    this.members = new MemberWriter({ store, publish, most: bounds.perUser });
    this.rate = new MessageRate(bounds.messages);
  }
}
