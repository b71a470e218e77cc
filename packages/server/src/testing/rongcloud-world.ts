import { beforeAll } from "bun:test";
import type { Config } from "../config.ts";
import { type NativeWorld, useNativeWorld } from "./native-world.ts";
import { type RongcloudBackEnd, rongcloudBackEnd } from "./rongcloud-back-end.ts";
import { testApps } from "./test-server.ts";

/**
 * An installation with two apps whose back ends speak RongCloud's Server API, seen by clients of Parlance's own protocol.
 * On several nodes each call and each connection meets the next one in turn.
 */
export interface RongcloudWorld extends RongcloudBackEnd {
  native: NativeWorld;
  /** The same for the other app. */
  bank: RongcloudBackEnd;
  /** Connects a user of the shop (`NativeWorld.client`). */
  client: NativeWorld["client"];
  clients: NativeWorld["clients"];
}

/** Starts an installation for the tests of a file, on what the file is run on (`testing/deployment.ts`). */
export function useRongcloudWorld(overrides: Partial<Config> = {}): RongcloudWorld {
  const native = useNativeWorld(overrides);
  const world = { native, client: native.client, clients: native.clients } as RongcloudWorld;
  beforeAll(() => {
    const url = () => native.i2a.server.url;
    Object.assign(world, rongcloudBackEnd(url, testApps.shop), {
      bank: rongcloudBackEnd(url, testApps.bank),
    });
  });
  return world;
}
