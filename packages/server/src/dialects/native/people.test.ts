import { describe, expect, test } from "bun:test";
import { mostTalks } from "../../core/sessions/announce-user.ts";
import { NativeClient } from "../../testing/native-client.ts";
import { direct, say, useNativeWorld } from "../../testing/native-world.ts";

const world = useNativeWorld();

describe("presence", () => {
  test("of watched users is told as they come and go, until the watch ends", async () => {
    const ann = await world.client("ann");
    const watched = await ann.request("presence.watch", { userIds: ["ben", "cid"], seconds: 600 });
    expect(watched.users).toEqual([
      { userId: "ben", isOnline: false, platforms: [] },
      { userId: "cid", isOnline: false, platforms: [] },
    ]);
    expect(watched.expiresAt).toBeGreaterThan(ann.welcome.now + 590_000_000);
    const isOnline = (userId: string, wanted: boolean) =>
      ann.next("presence", ({ users }) =>
        users.some((user) => user.userId === userId && user.isOnline === wanted),
      );
    const ben = await world.client("ben");
    await isOnline("ben", true);
    ben.close();
    await isOnline("ben", false);
    await ann.request("presence.unwatch", { userIds: ["ben"] });
    await world.client("ben");
    await world.client("cid");
    await isOnline("cid", true);
    expect(JSON.stringify(ann.unread)).not.toContain("ben");
  });

  test("shows the platforms that devices told, and nothing of one that told none or nonsense", async () => {
    const { server, shop } = world.i2a;
    const open = async (deviceId: string, platform?: string) => {
      const token = await shop.token("guy", deviceId);
      return NativeClient.open(server.socketUrl, { token, ...(platform !== undefined && { platform }) });
    };
    const ann = await world.client("ann", "platforms");
    await ann.request("presence.watch", { userIds: ["guy"] });
    const shows = (...wanted: string[]) =>
      ann.next("presence", ({ users }) =>
        users.some(({ userId, platforms }) => userId === "guy" && `${platforms}` === `${wanted}`),
      );
    const browser = await open("laptop", "web");
    await shows("web");
    await open("phone", "ios");
    await shows("ios", "web");
    const late = await world.client("late");
    const { users } = await late.request("presence.watch", { userIds: ["guy"] });
    expect(users[0]?.platforms).toEqual(["ios", "web"]);
    browser.close();
    await shows("ios");
    for (const nonsense of ["Web", "a".repeat(17), "ios web", "<b>", "", "9", undefined])
      await open("phone", nonsense);
    await shows();
    await open("phone", "shop-kiosk-2");
    await shows("shop-kiosk-2");
  }, 60_000);

  test("is watched for so many users and no more", async () => {
    const ann = await world.client("ann", "watcher");
    for (let from = 0; from < 1000; from += 200) {
      const userIds = Array.from({ length: 200 }, (_, index) => `u${from + index}`);
      await ann.request("presence.watch", { userIds });
    }
    expect(await ann.refusal("presence.watch", { userIds: ["one-more"] })).toBe("tooManyWatched");
    expect(await ann.refusal("presence.watch", { userIds: [] })).toBe("invalidParams");
  });
});

describe("users", () => {
  test("are shown as the app wants, and changes are told to their devices and to who talks with them", async () => {
    const group = await world.group("dan", "eva");
    const [dan, eva, fay] = await world.clients("dan", "eva", "fay");
    await say(fay, direct("dan"), "hi");
    await dan.next("message");
    const { users } = await eva.request("user.get", { userIds: ["dan", "dan", "unknown"] });
    expect(users.map(({ id }) => id)).toEqual(["dan"]);
    expect(JSON.parse(users[0]?.data as string)).toEqual({ name: "dan" });
    await world.i2a.shop.token("dan", "other", { name: "Daniel" });
    const data = { id: "dan", data: expect.stringContaining("Daniel") };
    expect(await dan.next("user", ({ data }) => data?.includes("Daniel") === true)).toMatchObject(data);
    await say(dan, group, "it's me");
    expect((await eva.next("message")).fromData).toContain("Daniel");
    const { members } = await eva.request("conversation.members", { conversation: group });
    expect(members[0]).toMatchObject({ userId: "dan", data: expect.stringContaining("Daniel") });
  });

  test("have new data told to who talks with them, whether they are online or not, and only what is new", async () => {
    const name = (name: string) => world.i2a.shop.token("gil", "back-end", { name });
    await name("Gil");
    await world.group("gil", "hal", "ida");
    const [hal, ida, jon, kim] = await world.clients("hal", "ida", "jon", "kim");
    await say(jon, direct("gil"), "hi");
    const hears = async (wanted: string) => {
      for (const client of [hal, ida, jon]) {
        const { data } = await client.next("user", ({ id }) => id === "gil");
        expect(JSON.parse(data as string)).toEqual({ name: wanted });
      }
    };
    // Nobody is told of what was known; they hear the next one first.
    await name("Gil");
    await name("Gilbert");
    await hears("Gilbert");
    const gil = await world.client("gil");
    await hears("gil");
    await name("Gilberto");
    await hears("Gilberto");
    await gil.next("user", ({ data }) => data?.includes("Gilberto") === true);
    await say(kim, direct("hal"), "did you hear?");
    await hal.next("message", ({ from }) => from === "kim");
    expect(kim.unread.filter(({ event }) => event === "user")).toEqual([]);
  });

  test("have new data told in the conversations that were written in last, and in no more than so many", async () => {
    const name = (name: string) => world.i2a.shop.token("busy", "back-end", { name });
    const early = await world.group("busy", "early");
    await Promise.all(Array.from({ length: mostTalks - 1 }, () => world.group("busy")));
    await world.group("busy", "late");
    const [first, last] = await world.clients("early", "late");
    const told = async (client: NativeClient) =>
      (await client.next("user", ({ id }) => id === "busy")).data as string;
    await name("One");
    expect(await told(last)).toContain("One");
    await say(first, early, "still here");
    await name("Two");
    // Of the first name nothing came.
    expect(await told(first)).toContain("Two");
    expect(await told(last)).toContain("Two");
  }, 60_000);
});
