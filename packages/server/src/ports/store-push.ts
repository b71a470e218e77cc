/**
 * The part of the store that notifications are made of: where users are reached, what they want of them, what others are
 * called in them, which audience a tag has, and what is still to be sent. Users, groups and targets need not exist yet.
 */

import type { ConversationKind, Micros, Millis } from "./store.ts";
import type { MuteLevel } from "./store-conversations.ts";

/** Devices of one user that are notified: the newest. */
export const PUSH_DEVICES = 10;

export interface NewPushDevice {
  userId: string;
  deviceId: string;
  /** Whose token it is: `fcm`, `apns`, … */
  provider: string;
  token: string;
  /** What kind of device it is, as its dialect calls it; may be empty. */
  platform: string;
  packageName: string | null;
}

export interface PushDevice extends NewPushDevice {
  changedAt: Micros;
}

export interface QuietHours {
  /** Second of the day, 0 to 86,399, in the app's time zone. */
  from: number;
  /** 1 to 1439. */
  minutes: number;
  /** What gets through: 1 mentions, 5 nothing. */
  level: 1 | 5;
}

export interface PushPreferences {
  /** For those conversations where nothing else is set; a kind that is absent was never set. */
  muteLevels: Partial<Record<ConversationKind, MuteLevel>>;
  quiet: QuietHours | null;
  /** Notifications say that something came, and not what. */
  hidesDetails: boolean;
}

/** A kind's level of null is taken back. */
export interface PreferencesChange extends Partial<Omit<PushPreferences, "muteLevels">> {
  muteLevels?: Partial<Record<ConversationKind, MuteLevel | null>>;
}

/** Somebody who is offline everywhere, and can be notified. */
export interface PushTarget {
  userId: string;
  /** The newest first, at most `PUSH_DEVICES`. */
  devices: PushDevice[];
  preferences: PushPreferences;
  /** What they set for the conversation; null: nothing, or no conversation was named. */
  muteLevel: MuteLevel | null;
  /** What they call the sender; null: nothing of their own. */
  remark: string | null;
}

/** What a sender and a group are called; null where nothing is known. */
export interface PushNames {
  name: string | null;
  /** As the group calls the sender. */
  groupRemark: string | null;
}

export interface Remark {
  targetId: string;
  remark: string;
}

/** A message that somebody may have to be notified of. */
export interface DuePush {
  appId: number;
  conversationId: number;
  sentAt: Micros;
  /** JSON text as it was appended; null: nothing was wished. */
  wish: string | null;
  /** How often it was taken before. */
  attempts: number;
}

export interface NewPushJob {
  id: string;
  /** JSON text; its shape is the core's. */
  body: string;
}

export interface DuePushJob extends NewPushJob {
  appId: number;
  /** Everybody up to here was seen to; null: nobody yet. */
  afterUserId: string | null;
  attempts: number;
  createdAt: Millis;
}

/** Across apps, for whoever sends. A row that was taken is due again when its time is over, whoever took it. */
export interface PushDirectory {
  /** Takes up to `limit` messages that are due, the longest due first, for `hold` milliseconds. */
  claimPushes(limit: number, hold: Millis): Promise<DuePush[]>;
  /** The same for jobs. */
  claimPushJobs(limit: number, hold: Millis): Promise<DuePushJob[]>;
}

/** One app's share. Lists of users hold at most 1000. */
export interface PushStore {
  /** The device's address is this from now on, and nobody else's: a token that another device had is taken from it. */
  savePushDevice(device: NewPushDevice): Promise<void>;
  /** False: there was none. Tokens of sessions go with their sessions. */
  removePushDevice(userId: string, deviceId: string): Promise<boolean>;
  /** These addresses reach nobody any more; those that changed meanwhile stay. */
  forgetPushTokens(dead: { userId: string; deviceId: string; token: string }[]): Promise<void>;
  /** Whether anybody at all can be notified. */
  hasPushDevices(): Promise<boolean>;
  /** Users who can be notified, in order, after `afterUserId`, at most `limit`. */
  pagePushUsers(afterUserId: string | null, limit: number): Promise<string[]>;
  /** All users, likewise. */
  pageUsers(afterUserId: string | null, limit: number): Promise<string[]>;
  /** Those of these who can be notified, in no order; without `evenOnline` only who is offline everywhere. */
  findPushTargets(
    userIds: string[],
    about: { conversationId: number | null; senderId: string | null; evenOnline: boolean },
  ): Promise<PushTarget[]>;

  /** What was never set is as if nothing was wanted. */
  findPushPreferences(userId: string): Promise<PushPreferences>;
  savePushPreferences(userId: string, change: PreferencesChange): Promise<PushPreferences>;

  findPushNames(senderId: string, groupKey: string | null): Promise<PushNames>;
  /** Throws `invalidInput` above `most` of one user. */
  saveRemarks(userId: string, remarks: Remark[], most: number): Promise<void>;
  removeRemark(userId: string, targetId: string): Promise<boolean>;
  /** In the order of target ids. */
  listRemarks(
    userId: string,
    page: { offset: number; limit: number },
  ): Promise<{ total: number; remarks: Remark[] }>;
  /** Null takes it back. */
  saveGroupRemark(groupKey: string, userId: string, remark: string | null): Promise<void>;
  findGroupRemark(groupKey: string, userId: string): Promise<string | null>;

  /** These are the tags of each of these users, instead of those before. */
  setUserTags(userIds: string[], tags: string[]): Promise<void>;
  /** By user, in the order given; users without any are left out. */
  listUserTags(userIds: string[]): Promise<{ userId: string; tags: string[] }[]>;
  /** Users with the tag in order, after `afterUserId`, at most `limit`. */
  pageTaggedUsers(tag: string, afterUserId: string | null, limit: number): Promise<string[]>;

  /** Of these messages nobody has to be notified any more. */
  finishPushes(pushes: { conversationId: number; sentAt: Micros }[]): Promise<void>;
  /** They are due again after so many milliseconds. */
  postponePushes(pushes: { conversationId: number; sentAt: Micros }[], delay: Millis): Promise<void>;
  /** Due after `hold` milliseconds. */
  addPushJob(job: NewPushJob, hold: Millis): Promise<void>;
  /** Everybody up to `afterUserId` was seen to; it is held for so much longer. */
  advancePushJob(id: string, afterUserId: string | null, hold: Millis): Promise<void>;
  finishPushJob(id: string): Promise<void>;
}
