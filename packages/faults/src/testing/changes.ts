/** What the app's back end does while people write: it adds and removes them, closes sessions, hides messages. */

import type { Time } from "../checker/history.ts";
import type { Dice } from "../plan/dice.ts";
import type { Crowd } from "./people.ts";
import type { Person } from "./person.ts";
import { after, wireTimeOf } from "./visit.ts";

/** Milliseconds between two changes. */
const pause = [50, 400] as const;

/** Opposite calls for one person at once, through any nodes, come before a change now and then. */
const oppositeCalls = 0.3;
const closings = 0.1;
const hidings = 0.1;
/** Milliseconds after which a call that was not answered has no effect any more: servers give up long before. */
const effectPatience = 20_000;

export interface Changes {
  /** How many were confirmed. */
  memberships: number;
  closings: number;
}

/** Until `isOver`; nothing is under way any more when it resolves. */
export async function change(crowd: Crowd, dice: Dice, isOver: () => boolean): Promise<Changes> {
  const done: Changes = { memberships: 0, closings: 0 };
  /** Whose call was not answered at first: an opposite one could be overtaken by it. */
  const settled = new Set<string>();
  while (!isOver()) {
    const devices = dice.pick(crowd.people);
    const room = dice.pick(crowd.unsteady);
    if (dice.happens(closings)) {
      await closeSession(crowd, dice.pick(devices));
      done.closings++;
    } else if (dice.happens(hidings)) {
      const { sends } = dice.pick(devices);
      const time = sends.findLast(({ answer }) => answer === "acknowledged")?.time ?? null;
      if (time !== null) await setActive(crowd, time, false);
    } else if (!settled.has(`${devices[0]?.name} ${room}`)) {
      const isCertain = await changeMember(crowd, devices, room, dice);
      if (!isCertain) settled.add(`${devices[0]?.name} ${room}`);
      done.memberships++;
    }
    await after(dice.between(...pause));
  }
  return done;
}

/** False: a call was not answered, and may still have an effect. */
async function changeMember(crowd: Crowd, devices: Person[], room: string, dice: Dice): Promise<boolean> {
  const views = devices.flatMap((device) => device.views.get(room) ?? []);
  const isAdded = !views.some(({ isMember }) => isMember);
  const ids = { application_users_identifiers: [devices[0]?.name] };
  const path = (isAdd: boolean) => `chat-room/${room}/${isAdd ? "add" : "remove"}-users/`;
  for (const view of views) view.leave();
  const isPatient = dice.happens(0.5);
  let isCertain = true;
  if (dice.happens(oppositeCalls)) {
    const both = await Promise.all([!isAdded, isAdded].map((isAdd) => crowd.backEnd.once(path(isAdd), ids)));
    // What may still have an effect undoes only what is asked for later; so the same is asked for from now on.
    if (both.every((answer) => answer?.status !== 200)) await after(effectPatience);
    if (both[0]?.status !== 200) {
      await settle(crowd, devices, room, path(!isAdded), ids, !isAdded, isPatient);
      return false;
    }
    isCertain = both[1]?.status === 200;
  }
  return (await settle(crowd, devices, room, path(isAdded), ids, isAdded, isPatient)) && isCertain;
}

async function settle(
  { backEnd }: Crowd,
  devices: readonly Person[],
  room: string,
  path: string,
  ids: object,
  isAdd: boolean,
  isPatient: boolean,
): Promise<boolean> {
  const answer = await backEnd.post(path, { ...ids });
  if (!answer) return false;
  for (const { views, isConnected } of devices) {
    if (isAdd) views.get(room)?.join(isConnected, isPatient);
    else views.get(room)?.left();
  }
  return answer.tries === 1;
}

async function closeSession({ backEnd }: Crowd, person: Person): Promise<void> {
  const token = person.closing();
  // A repeated call finds nothing to close.
  if (token !== null) await backEnd.post("session/close-session/", { token }, [200, 404]);
  const opened = await backEnd.post(
    "session/open-session/",
    { application_user_identifier: person.name, device_identifier: person.device },
    [201],
  );
  if (opened) person.token = opened.body.token;
}

/** Shows again all that was hidden. */
export async function showAll(crowd: Crowd): Promise<void> {
  for (const time of crowd.hidden) await setActive(crowd, time, true);
}

/** The room does not matter: what was sent at the same moment in others is hidden too. */
async function setActive({ backEnd, hidden }: Crowd, time: Time, isActive: boolean): Promise<void> {
  hidden.add(time);
  await backEnd.post(`chat-message/${wireTimeOf(time)}/set-active/`, { is_active: isActive });
}
