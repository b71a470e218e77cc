/** What the app lets users be shown as: fields that Parlance keeps for it, besides the users' custom data. */

import type { Micros } from "./store.ts";

/** A text is never empty: an empty one is as good as none. */
export type ProfileFields = Record<string, string | number>;

export interface Profile {
  userId: string;
  /** Rises with every change, also over a cleaning; fits 32 bits. */
  version: number;
  fields: ProfileFields;
  /** Of the app's own making. */
  ownFields: Record<string, string>;
  /** When the user first had a profile since the last cleaning. */
  createdAt: Micros;
}

/** Fields that are named change; null takes one away. */
export interface FieldsChange {
  fields?: Record<string, string | number | null>;
  ownFields?: Record<string, string | null>;
}

export interface ProfileStore {
  /** Makes one where there is none. Throws `tooManyFields` above `mostOwnFields` of the app's own. */
  saveProfile(userId: string, change: FieldsChange, mostOwnFields: number): Promise<Profile>;
  /** Returns those of the users who had one. */
  cleanProfiles(userIds: string[]): Promise<string[]>;
  /** In no order. */
  findProfiles(userIds: string[]): Promise<Profile[]>;
  /** In the order of `createdAt`. */
  listProfiles(page: { offset: number; limit: number; isNewestFirst: boolean }): Promise<Profile[]>;
}
