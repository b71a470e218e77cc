import { NativeClient } from "./native-client.ts";
import { type RongcloudWorld, useRongcloudWorld } from "./rongcloud-world.ts";

/** A RongCloud world whose people come with tokens of users. */
export interface UserWorld extends RongcloudWorld {
  /** Connects with this token. */
  open(token: string, device?: string): Promise<NativeClient>;
  /** Registers the user and connects. */
  join(userId: string, device?: string): Promise<NativeClient>;
  /** `welcome`, or the name of the error that an attempt to connect is refused with. */
  knock(token: string): Promise<string>;
}

export function useUserWorld(): UserWorld {
  const world = useRongcloudWorld() as UserWorld;
  world.open = (token, device) =>
    NativeClient.open(world.native.i2a.server.socketUrl, { token, ...(device && { device }) });
  world.join = async (userId, device) => world.open(await world.token(userId), device);
  world.knock = async (token) => {
    const response = await fetch(`${world.native.i2a.server.url}/connect?token=${encodeURIComponent(token)}`);
    // A plain request that would be welcome is told to upgrade.
    if (response.status === 426) return "welcome";
    const { error } = (await response.json()) as { error: { name: string } };
    return error.name;
  };
  return world;
}
