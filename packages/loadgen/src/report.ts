import { median } from "./median.ts";
import type { Busy } from "./usage.ts";

/** From the samples of each run to one table: medians with their range. */

export type Unit = "per second" | "ms" | "µs" | "s" | "bytes" | "MiB" | "cores" | "each" | "count";

/** One number of one run. */
export interface Sample {
  measure: string;
  value: number;
  unit: Unit;
  /** How busy both sides were while it was measured. */
  busy?: { server: Busy; generator: Busy };
}

/** All runs of one scenario. */
export interface Outcome {
  scenario: string;
  title: string;
  runs: Sample[][];
  /** What a reader must know: a scenario that was shrunk, deliveries that were missing. */
  notes: string[];
  /** Why it has no (further) runs. */
  failure: string | null;
}

export interface Row {
  scenario: string;
  measure: string;
  unit: Unit;
  median: number;
  min: number;
  max: number;
  runs: number;
  server: Busy | null;
  generator: Busy | null;
}

const medianBusy = (all: (Busy | undefined)[]): Busy | null => {
  const known = all.filter((busy) => busy !== undefined);
  if (known.length === 0) return null;
  return {
    cores: median(known.map((busy) => busy.cores)),
    busiestThread: median(known.map((busy) => busy.busiestThread)),
  };
};

/** A row for each measure, in the order of the first run. */
export function toRows({ scenario, runs }: Outcome): Row[] {
  return (runs[0] ?? []).map(({ measure, unit }) => {
    const samples = runs.flatMap((run) => run.filter((sample) => sample.measure === measure));
    const values = samples.map((sample) => sample.value);
    return {
      scenario,
      measure,
      unit,
      median: median(values),
      min: Math.min(...values),
      max: Math.max(...values),
      runs: values.length,
      server: medianBusy(samples.map((sample) => sample.busy?.server)),
      generator: medianBusy(samples.map((sample) => sample.busy?.generator)),
    };
  });
}

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

const shown = (value: number, unit: Unit): string => {
  if (unit === "ms" || unit === "µs") return value.toFixed(value < 10 ? 2 : 1);
  if (unit === "MiB" || unit === "s") return value.toFixed(1);
  if (unit === "cores" || unit === "each") return value.toFixed(2);
  return grouped.format(value);
};

const suffix: Record<Unit, string> = {
  "per second": "/s",
  ms: " ms",
  µs: " µs",
  s: " s",
  bytes: " B",
  MiB: " MiB",
  cores: " cores",
  each: "",
  count: "",
};

const busyText = (busy: Busy | null): string =>
  busy === null ? "" : `${busy.cores.toFixed(2)} (${busy.busiestThread.toFixed(2)})`;

const heads = ["Scenario", "Measure", "Median", "Min – max", "Runs", "Server CPU", "Generator CPU"];
const numeric = [false, false, true, true, true, true, true];

/** A Markdown table whose columns also line up in a terminal. */
export function renderTable(outcomes: Outcome[]): string {
  const lines = outcomes.flatMap((outcome) =>
    toRows(outcome).map((row, i) => [
      i === 0 ? outcome.title : "",
      row.measure,
      shown(row.median, row.unit) + suffix[row.unit],
      row.runs > 1 ? `${shown(row.min, row.unit)} – ${shown(row.max, row.unit)}` : "",
      String(row.runs),
      busyText(row.server),
      busyText(row.generator),
    ]),
  );
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i]?.length ?? 0)));
  const draw = (cells: string[]) => {
    const padded = cells.map((cell, i) =>
      numeric[i] ? cell.padStart(widths[i] as number) : cell.padEnd(widths[i] as number),
    );
    return `| ${padded.join(" | ")} |`;
  };
  const rule = widths.map((width, i) => (numeric[i] ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  return [draw(heads), `| ${rule.join(" | ")} |`, ...lines.map(draw)].join("\n");
}

/** What the table cannot say. */
export const renderNotes = (outcomes: Outcome[]): string[] =>
  outcomes.flatMap(({ title, notes, failure }) => [
    ...[...new Set(notes)].map((note) => `${title}: ${note}`),
    ...(failure === null ? [] : [`${title}: FAILED: ${failure}`]),
  ]);
