import { expect, test } from "bun:test";
import { useCore } from "../../testing/core-world.ts";
import type { CoreEvent } from "../events.ts";
import { announceUser } from "./announce-user.ts";
import { openSession } from "./open-session.ts";

const world = useCore();
const toldOf = (userId: string) =>
  world.published.filter(
    (event): event is Extract<CoreEvent, { kind: "userChanged" }> =>
      event.kind === "userChanged" && event.userId === userId,
  );
const open = (userId: string, customData?: string) =>
  openSession(world.core, { userId, deviceId: "phone", fcmToken: null, customData });

test("new data are told where the user talks, and what was known is not", async () => {
  const group = await world.newConversation(["ann", "ben"]);
  await world.newConversation(["ann"], "chatroom");
  for (const data of [undefined, "{}", "{}", undefined, '{"a":1}', '{"a":1}']) await open("ann", data);
  const conversationIds = [group.id];
  expect(toldOf("ann")).toEqual([
    { kind: "userChanged", userId: "ann", userData: "{}", conversationIds },
    { kind: "userChanged", userId: "ann", userData: '{"a":1}', conversationIds },
  ]);
});

test("of one user it is told in the order in which it was given", async () => {
  const given = Array.from({ length: 50 }, (_, index) => `${index}`);
  await Promise.all(given.map((data) => announceUser(world.core, "cid", data)));
  expect(toldOf("cid").map(({ userData }) => userData)).toEqual(given);
});
