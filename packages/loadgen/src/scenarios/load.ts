import type { Plan } from "../dialects/dialect.ts";
import { type DialectName, dialects } from "../dialects/table.ts";
import type { Measured } from "../generator/commands.ts";
import { Fleet } from "../generator/fleet.ts";
import type { Subject } from "../servers/subject.ts";
import { Bystanders, type Share } from "./bystanders.ts";
import { findOutstanding } from "./ramp.ts";
import type { Context } from "./scenario.ts";
import { settle } from "./settle.ts";

/** One server or cluster, one crowd: saturation first, then half of what saturation reached. */
export interface Load {
  start(): Promise<Subject>;
  dialect: DialectName;
  plan: Plan;
  /** Messages under way when the search for saturation starts, and where it ends at the latest. */
  outstanding: { first: number; last: number };
}

export interface LoadResult {
  saturation: Measured;
  half: Measured;
  /** Deliveries that members should have got in the whole run, and did not. */
  missing: number;
  outstanding: number;
  /** What else kept cores busy at saturation, and served the server. */
  bystanders: Share[];
}

const HANDSHAKES_AT_ONCE = 128;

export async function runLoad(context: Context, load: Load): Promise<LoadResult> {
  const { scale } = context;
  const members = load.plan.membersPerRoom;
  const subject = await load.start();
  const fleet = new Fleet(context.generators);
  try {
    const { seats } = await dialects[load.dialect].prepare(subject.addresses, load.plan);
    await fleet.connect(load.dialect, seats, HANDSHAKES_AT_ONCE);
    const common = { textLength: scale.textLength, watch: subject.pids };
    const saturate = async (
      outstanding: number,
      warmUpMillis: number,
      measureMillis: number,
      others?: Bystanders,
    ) => {
      const measured = await fleet.closedLoop({ ...common, outstanding, warmUpMillis, measureMillis });
      others?.end();
      const settled = await settle(fleet, members);
      if (measured.acknowledged === 0) throw new Error(settled.firstError ?? "no message came back");
      return measured;
    };

    const outstanding =
      context.memory.get("outstanding") ??
      (await findOutstanding(load.outstanding.first, load.outstanding.last, async (candidate) => {
        const { messages, seconds } = await saturate(candidate, scale.rampMillis / 4, scale.rampMillis);
        return messages / seconds;
      }));
    context.memory.set("outstanding", outstanding);
    const others = new Bystanders(() => subject.others(), scale.warmUpMillis);
    const saturation = await saturate(outstanding, scale.warmUpMillis, scale.saturationMillis, others);
    const perSecond = Math.max(1, saturation.acknowledged / saturation.seconds / 2);
    const half = await fleet.openLoop({
      ...common,
      perSecond,
      warmUpMillis: scale.halfLoadWarmUpMillis,
      measureMillis: scale.halfLoadMillis,
    });
    const end = await settle(fleet, members);
    if (end.firstError !== null)
      context.note(`${end.errors} refusals, ${end.lost} connections lost; first: ${end.firstError}`);
    context.note(`${outstanding} messages under way at saturation`);
    return { saturation, half, missing: end.missing, outstanding, bystanders: others.shares() };
  } finally {
    await fleet.end();
    await subject.stop();
  }
}
