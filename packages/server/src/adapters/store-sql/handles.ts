/** The handles of the store port, made from the tables of operations: an `AppStore` binds the app's id, for good. */

import type { AppDirectory, AppStore } from "../../ports/store.ts";
import type { NodeDirectory } from "../../ports/store-presence.ts";
import type { PushDirectory } from "../../ports/store-push.ts";
import {
  type ArgsOf,
  boundReads,
  boundWrites,
  type Reads,
  type ResultOf,
  type Writes,
} from "./operations/tables.ts";

/** How a database runs an operation: on its threads, or directly. */
export interface StoreCalls {
  read<Name extends keyof Reads>(name: Name, ...args: ArgsOf<Reads[Name]>): Promise<ResultOf<Reads[Name]>>;
  write<Name extends keyof Writes>(
    name: Name,
    ...args: ArgsOf<Writes[Name]>
  ): Promise<ResultOf<Writes[Name]>>;
}

type Tail<Args> = Args extends [unknown, ...infer Rest] ? Rest : never;
type Bound<Operations> = {
  [Name in keyof Operations]: (
    ...args: Tail<ArgsOf<Operations[Name]>>
  ) => Promise<ResultOf<Operations[Name]>>;
};

export const makeDirectory = (calls: StoreCalls): AppDirectory => ({
  create: (app) => calls.write("createApp", app),
  list: () => calls.read("listApps"),
  update: (key, change) => calls.write("updateApp", key, change),
  delete: (key) => calls.write("deleteApp", key),
  purge: (limit) => calls.write("purge", limit),
  expire: (limit) => calls.write("expire", limit),
  listUnsettled: (grace) => calls.read("listUnsettled", grace),
  listDueErasures: (limit) => calls.read("listDueErasures", limit),
  revision: () => calls.read("readRevision"),
});

export const makeNodes = (calls: StoreCalls): NodeDirectory => ({
  takeLease: (node, duration, isAlone) => calls.write("takeLease", node, duration, isAlone),
  renewLease: (leaseId, duration) => calls.write("renewLease", leaseId, duration),
  endLease: (leaseId) => calls.write("endLease", leaseId),
  listLiveLeases: () => calls.read("listLiveLeases"),
  list: () => calls.read("listNodes"),
  purge: (limit) => calls.write("purgePresence", limit),
});

export const makePushes = (calls: StoreCalls): PushDirectory => ({
  claimPushes: (limit, hold) => calls.write("claimPushes", limit, hold),
  claimPushJobs: (limit, hold) => calls.write("claimPushJobs", limit, hold),
});

/**
 * The methods live on one prototype, so that a handle costs one small object and may be made for every request.
 * The return type is the proof that the tables hold every method of the port with its signature.
 */
export const makeAppStores = (calls: StoreCalls): ((appId: number) => AppStore) => {
  type Call = (name: string, appId: number, ...args: unknown[]) => Promise<unknown>;
  const read = calls.read as unknown as Call;
  const write = calls.write as unknown as Call;

  class BoundStore {
    readonly appId: number;
    constructor(appId: number) {
      this.appId = appId;
    }
  }
  const methods = BoundStore.prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of Object.keys(boundReads)) {
    methods[name] = function (this: BoundStore, ...args) {
      return read(name, this.appId, ...args);
    };
  }
  for (const name of [...Object.keys(boundWrites), "append"]) {
    methods[name] = function (this: BoundStore, ...args) {
      return write(name, this.appId, ...args);
    };
  }
  return (appId) =>
    new BoundStore(appId) as unknown as Bound<
      typeof boundReads & typeof boundWrites & Pick<Writes, "append">
    >;
};
