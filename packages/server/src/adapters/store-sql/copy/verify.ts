/** Compares the whole of both databases. Each difference is a sentence. */

import type { Row } from "./checksum.ts";
import { compareLogs, isSame } from "./compare.ts";
import { inLanes } from "./lanes.ts";
import type { Source } from "./source.ts";
import {
  apps,
  changedMessages,
  conversations,
  kept,
  messages,
  messagesByTime,
  namesOf,
  since,
  smallTables,
} from "./tables.ts";
import type { Target } from "./target.ts";

const LANES = 3;
/** More would only repeat the same. */
const MAX_DIFFERENCES = 100;

/** An app as differences name it. */
export interface AppName {
  id: number;
  key: string;
  /** Messages before this tick are past the app's retention, or will be before a day is over; nobody compares them. */
  comparedSince: number;
}

export class Verification {
  readonly #source: Source;
  readonly #target: Target;
  readonly differences: string[] = [];
  conversations = 0;
  messages = 0;

  constructor(source: Source, target: Target) {
    this.#source = source;
    this.#target = target;
  }

  /**
   * Every message with `after < sent_at <= upTo` (both ticks): seqs, counts and checksums of each conversation. Right
   * beside a running server, too: conversations that it deletes meanwhile are no difference.
   */
  async logs({ id, key, comparedSince }: AppName, after: number, upTo: number): Promise<void> {
    // From the beginning of time the log's own order is the faster one, for both databases.
    const table = since(after === 0 ? messages : messagesByTime, comparedSince);
    const first = after === 0 ? null : [after, Number.MAX_SAFE_INTEGER];
    // The plus keeps SQLite from choosing this bound for its index, where the lower one is worth more.
    const limit = { condition: "+t.sent_at <= ?", values: [upTo] };
    const within = `t.sent_at <= ${upTo}`;
    await inLanes(LANES, this.#source.pages(table, id, limit, first), async (page) => {
      for (const { conversationId, text } of await compareLogs(table, id, page, within, this.#target))
        if (this.#source.isLive(id, conversationId))
          this.#add(`app ${key}, conversation ${conversationId}: ${text}.`);
    });
  }

  async apps(): Promise<void> {
    const query = `select ${namesOf(apps.columns)} from apps where deleted_at is null order by id`;
    const [expected, found] = [this.#source.rows(query), await this.#target.rows(query)];
    if (JSON.stringify(expected) !== JSON.stringify(found)) this.#add("the apps differ.");
  }

  /** Everything but the messages' contents: rows of all tables, changed messages, messages in each log. */
  async rows(app: AppName): Promise<void> {
    const changed = since(changedMessages, app.comparedSince);
    const tables = smallTables.map((table) => kept(table, app.comparedSince));
    for (const table of [...tables, changed])
      await inLanes(LANES, this.#source.pages(table, app.id), async (page) => {
        if (table === conversations) await this.#logLengths(app, page.rows);
        if (await isSame(table, app.id, page, this.#target)) return;
        const what = table === changed ? "changed messages" : table.name;
        const where = [
          page.after === null ? "" : ` after ${page.after.join(" ")}`,
          page.upTo === null ? "" : ` up to ${page.upTo.join(" ")}`,
        ];
        this.#add(`app ${app.key}: the rows of ${what}${where.join("")} differ.`);
      });
  }

  async #logLengths({ id: appId, key, comparedSince }: AppName, rows: readonly Row[]): Promise<void> {
    const [first, last] = [rows[0]?.[0], rows.at(-1)?.[0]];
    if (first === undefined || last === undefined) return;
    const between = `select conversation_id, count(*) from messages
      where app_id = $1 and conversation_id >= $2 and conversation_id <= $3 and +sent_at >= ${comparedSince} group by conversation_id`;
    const copied = this.#target.rows<[number, number]>(between, appId, first, last);
    copied.catch(() => {});
    const expected = new Map(
      this.#source.rows(between.replace(/\$\d/g, "?"), appId, first, last) as [number, number][],
    );
    const found = new Map(await copied);
    for (const [id] of rows as [number][]) {
      const [count, copies] = [expected.get(id) ?? 0, found.get(id) ?? 0];
      if (count !== copies)
        this.#add(
          `app ${key}, conversation ${id}: the source has ${count} messages; the target has ${copies}.`,
        );
      this.conversations++;
      this.messages += copies;
    }
  }

  #add(difference: string): void {
    if (this.differences.length < MAX_DIFFERENCES) this.differences.push(difference);
    else if (this.differences.length === MAX_DIFFERENCES) this.differences.push("… and more.");
  }
}
