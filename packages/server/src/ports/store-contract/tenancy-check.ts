/** What a check of the tenancy contract is made of. */

import { expect } from "bun:test";
import type { AppStore } from "../store.ts";
import { expectRefusal } from "./fixture.ts";

/** Real ids of one app's things. */
export interface Target {
  tokenHash: string;
  conversationId: number;
  key: string;
  sentAt: number;
  leaseId: number;
  /** A chatroom that Ann joined. */
  hallId: number;
}

export type Check = (intruder: AppStore, target: Target) => Promise<void>;

export const returns =
  (call: (intruder: AppStore, target: Target) => Promise<unknown>, expected: unknown): Check =>
  async (intruder, target) =>
    expect(await call(intruder, target)).toEqual(expected);

/** What it would change is not there. */
export const passesBy =
  (call: (intruder: AppStore, target: Target) => Promise<unknown>): Check =>
  async (intruder, target) => {
    await call(intruder, target);
  };

export const isRefused =
  (call: (intruder: AppStore, target: Target) => Promise<unknown>): Check =>
  async (intruder, target) => {
    await expectRefusal(call(intruder, target), "conversationNotFound");
  };
