import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import type { AppStore, Conversation } from "../store.ts";
import type { Changed, ChangeKind, NewChange } from "../store-entries.ts";
import { expectRefusal, type Fixture, send } from "./fixture.ts";
import { LogModel, type ModelMessage } from "./log-model.ts";

const users = ["ann", "ben", "cid", "dan"];
const kinds: ChangeKind[] = ["recall", "delete", "modify", "setKeys", "removeKeys", "hide", "show"];

const user = fc.constantFrom(...users);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant("send" as const),
      senderId: fc.option(user),
      isCounted: fc.boolean(),
      marksRead: fc.boolean(),
      mentioned: fc.subarray(users),
      mentionsAll: fc.boolean(),
      toUserIds: fc.option(fc.subarray(users, { minLength: 1 }), { freq: 2 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant("change" as const),
      kind: fc.constantFrom(...kinds),
      by: user,
      target: fc.nat(1000),
      value: fc.nat(2),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("mark" as const), user, target: fc.nat(1000) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("members" as const), user, isMember: fc.boolean() }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface World {
  own: AppStore;
  group: Conversation;
  model: LogModel;
}

const sendOne = async ({ own, group, model }: World, given: Extract<Step, { act: "send" }>) => {
  const { senderId, isCounted, marksRead, mentioned, mentionsAll, toUserIds } = given;
  const hasMentions = mentioned.length > 0 || mentionsAll;
  const { sentAt, seq } = await send(own, group.id, {
    senderId,
    isCounted,
    marksRead,
    ...(hasMentions ? { mentions: { userIds: mentioned, isAll: mentionsAll } } : {}),
    toUserIds,
  });
  expect(seq).toBe(++model.entries);
  model.messages.push({
    ...{ sentAt, seq, senderId, isCounted, mentioned, mentionsAll, toUserIds, content: '{"text":"hello"}' },
    ...{ recalled: "", isHidden: false, keys: new Map() },
  });
  if (marksRead && senderId !== null) model.marks.set(senderId, sentAt);
};

/** What the change does to a message; false: nothing. Null: it is refused. */
const apply = (message: ModelMessage, kind: ChangeKind, value: number): boolean | null => {
  const was = JSON.stringify([message, [...message.keys]]);
  const needsContent = kind === "modify" || kind === "setKeys" || kind === "removeKeys";
  if (needsContent && message.recalled !== "") return null;
  if (kind === "recall" && message.recalled === "") message.recalled = "recalled";
  if (kind === "delete") message.recalled = "deleted";
  if (kind === "modify") message.content = `{"n":${value}}`;
  if (kind === "setKeys") message.keys.set(`k${value}`, "v");
  if (kind === "removeKeys") message.keys.delete(`k${value}`);
  if (kind === "hide") message.isHidden = true;
  if (kind === "show") message.isHidden = false;
  if (message.recalled !== "") {
    message.content = "{}";
    message.keys.clear();
  }
  return JSON.stringify([message, [...message.keys]]) !== was;
};

const changeOne = async (
  { own, group, model }: World,
  { kind, by, target, value }: Extract<Step, { act: "change" }>,
) => {
  const message = model.messages[target % model.messages.length];
  if (message === undefined) return;
  const change: NewChange = { conversationId: group.id, of: message.sentAt, kind, by };
  if (kind === "modify") change.content = `{"n":${value}}`;
  if (kind === "setKeys") change.keys = { [`k${value}`]: "v" };
  if (kind === "removeKeys") change.removedKeys = [`k${value}`];
  const outcome = apply(message, kind, value);
  if (outcome === null) {
    await expectRefusal(own.change(change), "messageNotFound");
    return;
  }
  const changed: Changed | null = await own.change(change);
  if (outcome) expect(changed?.change.seq).toBe(++model.entries);
  else expect(changed).toBeNull();
};

const take = async (world: World, given: Step): Promise<void> => {
  const { own, group, model } = world;
  if (given.act === "send") await sendOne(world, given);
  else if (given.act === "change") await changeOne(world, given);
  else if (given.act === "members") {
    await own[given.isMember ? "addMembers" : "removeMembers"](group.id, [given.user]);
    model.members[given.isMember ? "add" : "delete"](given.user);
  } else {
    const upTo = model.messages[given.target % model.messages.length]?.sentAt ?? 1;
    const message = model.markAt(given.user, upTo);
    const mark = await own.moveReadMark(group.id, given.user, upTo);
    const standing = Math.max(message?.sentAt ?? 0, model.marks.get(given.user) ?? 0);
    if (message !== undefined) model.marks.set(given.user, standing);
    expect(mark?.sentAt).toBe(message === undefined ? undefined : standing);
  }
};

const expectAgreement = async ({ own, group, model }: World) => {
  for (const userId of users) {
    const view = { userId, withRecalled: true };
    const [unread, mentions, history, last, page] = await Promise.all([
      own.countUnread([group.id], userId, 1000),
      own.countMentions([group.id], userId, 1000),
      own.listMessages(group.id, null, 1000, view),
      own.listLastMessages([group.id], view),
      own.listEntriesSince(group.id, 0, 1000, userId),
    ]);
    const expected = model.history(userId);
    expect([unread, mentions]).toEqual([[model.unread(userId)], [model.mentions(userId)]]);
    expect(
      history.map(({ seq, content, keys = {}, state }) => ({ seq, content, keys, state: state ?? "" })),
    ).toEqual(
      expected.map(({ seq, content, keys, recalled }) => ({
        ...{ seq, content, keys: Object.fromEntries(keys), state: recalled },
      })),
    );
    expect(last[0]?.seq).toBe(expected[0]?.seq);
    expect(page?.lastSeq).toBe(model.entries);
    const received = page?.entries.flatMap((entry) => ("message" in entry ? [entry.message.seq] : []));
    expect(received).toEqual(
      model.messages.filter((message) => model.isFor(userId, message)).map(({ seq }) => seq),
    );
  }
  expect(new Set(await own.listMembers(group.id, null, 100))).toEqual(model.members);
};

export const recountContract = (fixture: Fixture): void => {
  describe("unread, mentions, last message and history", () => {
    test.each([1, 2, 3, 4])("are what a recount of the log says, after anything (seed %d)", async (seed) => {
      const property = fc.asyncProperty(fc.array(step, { minLength: 30, maxLength: 60 }), async (steps) => {
        const { own, group } = await fixture.newGroup();
        const world = { own, group, model: new LogModel() };
        for (const [index, given] of steps.entries()) {
          await take(world, given);
          if (index % 10 === 9) await expectAgreement(world);
        }
        await expectAgreement(world);
      });
      await fc.assert(property, { seed, numRuns: 4, interruptAfterTimeLimit: 10_000 });
    });
  });
};
