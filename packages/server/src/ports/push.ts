/**
 * Who takes notifications to devices. Real ones speak to a vendor; without any, decisions are written to the log. Core
 * decides who is told what; a provider says what became of it.
 */

import type { ConversationKind, Micros } from "./store.ts";

/** One notification for one device. */
export interface Push {
  /**
   * The same for the same notification of the same user, however often it is sent: what was sent may come again after a
   * crash, and a vendor that can replace a notification by its id shows it once.
   */
  id: string;
  /** The app's key. */
  app: string;
  userId: string;
  deviceId: string;
  /** Whose address `token` is: `fcm`, `apns`, … */
  provider: string;
  token: string;
  /** As the device's dialect calls it; may be empty. */
  platform: string;
  packageName: string | null;
  /** At most 100 characters. */
  title: string;
  /** At most 1024 characters. */
  text: string;
  /** The app's own, for the app that is woken. */
  data: string | null;
  /** The number on the app's icon; null leaves it as it is. */
  badge: number | null;
  /** The app is woken in the background, besides. */
  isContentAvailable: boolean;
  templateId: string | null;
  /** What single vendors understand, by their names as the sender gave them. */
  options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The message; null for a notification of the app's own. */
  about: PushedMessage | null;
}

export interface PushedMessage {
  kind: ConversationKind;
  /** What the receiver calls the conversation. */
  conversationId: string;
  senderId: string | null;
  type: string;
  sentAt: Micros;
}

/** `dead`: nobody has this address any more. `failed`: it may work later. */
export type PushOutcome = "sent" | "dead" | "failed";

/** Notifications handed over at once. */
export const mostPushesAtOnce = 500;

export interface PushProvider {
  readonly name: string;
  /**
   * At most 500, in any order. Resolves to what became of each, in the order given, within 20 seconds; a rejection
   * means that all have failed. Several calls may be under way.
   */
  send(pushes: readonly Push[]): Promise<readonly PushOutcome[]>;
}
