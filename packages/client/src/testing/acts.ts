/** What may happen in a world of devices, drawn by a seed. */

import type { ConversationRef } from "@parlance/protocol";
import type { Conversation } from "../public/conversation.ts";
import type { Device } from "./device.ts";
import type { ModelWorld } from "./model/model-world.ts";

export const lunch: ConversationRef = { kind: "group", id: "lunch" };
export const quiet: ConversationRef = { kind: "group", id: "quiet" };

export interface Act {
  name: keyof typeof acts;
  device: number;
  conversation: number;
  /** Chooses among messages and ways. */
  pick: number;
}

export interface Scene {
  world: ModelWorld;
  devices: Device[];
  /** What `send` promised to be stored. */
  acknowledged: { clientsText: string; sentAt: number }[];
}

interface Turn {
  world: ModelWorld;
  acknowledged: Scene["acknowledged"];
  device: Device;
  conversation: Conversation;
  pick: number;
}

/** Refusals belong to it: of messages that are gone, of conversations one is no member of. */
const attempt = (promise: Promise<unknown>): void => void promise.catch(() => {});

/** One of the messages held, or none. */
const some = ({ conversation, pick }: Turn) => {
  const stored = conversation.messages.filter(({ delivery }) => !delivery);
  return stored[pick % Math.max(1, stored.length)];
};

const ways = [
  {},
  { mentions: { all: true as const } },
  { mentions: { users: ["alice"] } },
  { isCounted: false },
  { to: ["bob"] },
];

export const acts = {
  send: (turn: Turn) => {
    const way = turn.conversation.ref.kind === "group" ? ways[turn.pick % ways.length] : ways[0];
    const clientsText = `${turn.device.userId} ${turn.device.deviceId} ${turn.world.clock.now}`;
    const sending = turn.conversation.send(clientsText, way);
    attempt(sending.then(({ sentAt }) => turn.acknowledged.push({ clientsText, sentAt })));
  },
  recall: (turn: Turn) => {
    const message = some(turn);
    if (message) attempt(turn.conversation.recall(message.sentAt, { isDelete: turn.pick % 2 === 0 }));
  },
  modify: (turn: Turn) => {
    const message = some(turn);
    if (message) attempt(turn.conversation.modify(message.sentAt, { text: `new ${turn.pick}` }));
  },
  setKeys: (turn: Turn) => {
    const message = some(turn);
    if (message)
      attempt(turn.conversation.setKeys(message.sentAt, { [`k${turn.pick % 3}`]: String(turn.pick) }));
  },
  removeKeys: (turn: Turn) => {
    const message = some(turn);
    if (message) attempt(turn.conversation.removeKeys(message.sentAt, [`k${turn.pick % 3}`]));
  },
  deleteMine: (turn: Turn) => {
    const message = some(turn);
    if (message) attempt(turn.conversation.deleteMine([message.sentAt]));
  },
  markRead: (turn: Turn) => turn.conversation.markRead(turn.pick % 2 === 0 ? undefined : some(turn)?.sentAt),
  update: ({ conversation, pick }: Turn) =>
    attempt(conversation.update({ isPinned: pick % 2 === 0, draft: `d${pick}` })),
  clear: (turn: Turn) => attempt(turn.conversation.clear(some(turn)?.sentAt)),
  remove: ({ conversation }: Turn) => attempt(conversation.remove()),
  loadOlder: ({ conversation }: Turn) => attempt(conversation.loadOlder(3)),
  hideOrShow: (turn: Turn) => {
    const found = [...turn.world.server.conversations.values()].find(
      ({ ref }) => ref.id === turn.conversation.ref.id,
    );
    const messages =
      found?.entries.filter((entry) => "type" in entry && (entry.state ?? "hidden") === "hidden") ?? [];
    const message = messages[turn.pick % Math.max(1, messages.length)];
    if (found && message) turn.world.server.setVisible(found, message.sentAt, "state" in message);
  },
  leaveOrJoin: ({ world, pick }: Turn) => {
    const group = world.server.conversations.get("group/lunch");
    if (!group) return;
    const user = pick % 2 === 0 ? "carol" : "bob";
    if (group.members.get(user)?.isOut) world.server.join(group, user);
    else world.server.kick(group, user);
  },
  cut: ({ world, device }: Turn) => world.cut(device.userId),
  airplane: ({ device }: Turn) => device.client.disconnect(),
  landing: ({ device }: Turn) => device.client.reconnect(),
  kill: ({ device }: Turn) => device.kill(),
  restart: ({ device }: Turn) => device.restart(),
  outage: ({ world, pick }: Turn) => {
    world.isReachable = false;
    for (const line of [...world.server.lines]) line.cut();
    world.clock.setTimeout(() => {
      world.isReachable = true;
    }, pick * 20);
  },
  pass: ({ world, pick }: Turn) => world.clock.pass(pick * 5),
  passLong: ({ world, pick }: Turn) => world.clock.pass(pick * 200),
} satisfies Record<string, (turn: Turn) => void | Promise<void>>;

export async function perform(scene: Scene, { name, device, conversation, pick }: Act): Promise<void> {
  const who = scene.devices[device % scene.devices.length] as Device;
  const refs: ConversationRef[] = [
    lunch,
    quiet,
    { kind: "direct", id: who.userId === "alice" ? "bob" : "alice" },
  ];
  const where = who.client.conversation(refs[conversation % refs.length] as ConversationRef);
  const { world, acknowledged } = scene;
  await acts[name]({ world, acknowledged, device: who, conversation: where, pick });
  await scene.world.clock.pass(1 + (pick % 4));
}
