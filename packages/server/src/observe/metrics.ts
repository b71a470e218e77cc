/**
 * What Prometheus reads at /metrics. Numbers that change thousands of times a second are plain fields, read only when
 * somebody looks: add to `counts`, or let `watch` read a number that another part keeps anyway.
 */

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { boundedLabel } from "./bounded-label.ts";
import { registerProcessMetrics } from "./process-metrics.ts";

const numbers = {
  connections: { kind: "gauge", help: "Sockets open now." },
  online_users: { kind: "gauge", help: "Users with a connection to this node." },
  queue_bytes: { kind: "gauge", help: "Bytes that wait to be written to sockets." },
  messages_accepted: { kind: "counter", help: "Messages stored and acknowledged." },
  messages_delivered: { kind: "counter", help: "Messages queued for listeners, one per listener." },
  frames_delivered: { kind: "counter", help: "Frames written to sockets, whatever their kind." },
  bus_connected: { kind: "gauge", help: "1 while other nodes can be reached, or there can be none." },
  bus_sent_messages: { kind: "counter", help: "Events handed to the network between nodes." },
  bus_received_messages: { kind: "counter", help: "Events that came from other nodes." },
  bus_dropped_messages: {
    kind: "counter",
    help: "Events that never left; other nodes read them from the store.",
  },
  routed_events: {
    kind: "counter",
    help: "Copies of events that left for another node, or once for all on a large conversation's subject.",
  },
  flooded_events: {
    kind: "counter",
    help: "Copies that left because it was not known whether the other node wants them.",
  },
  heard_events: { kind: "counter", help: "Events that came from other nodes to be delivered here." },
  large_conversation_events: { kind: "counter", help: "Events that left on large conversations' subjects." },
  large_conversations: {
    kind: "gauge",
    help: "Large conversations that are heard here on their own subject.",
  },
  known_nodes: { kind: "gauge", help: "Other nodes that this one exchanges events with." },
  interest_keys: { kind: "gauge", help: "Conversations and users that this node wants to hear of." },
  peer_interest_bytes: { kind: "gauge", help: "Bytes that the other nodes' interests take here." },
  rechecks: { kind: "counter", help: "Times that this node read from the store what it may have missed." },
  bus_gaps: { kind: "counter", help: "Times that events of another node were found to be missing." },
  pushes_sent: { kind: "counter", help: "Notifications handed to their provider." },
  pushes_failed: {
    kind: "counter",
    help: "Notifications that failed again and again, and wait for another try.",
  },
  push_messages_waiting: { kind: "gauge", help: "Messages of which it isn't decided yet who is notified." },
  push_messages_done: { kind: "counter", help: "Messages of which everybody is notified who is to be." },
} as const;

const histograms = {
  append_batch_size: {
    help: "Writes that shared one commit.",
    buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000],
  },
  append_commit_seconds: {
    help: "Seconds one commit took, disk included.",
    buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
  fan_out_seconds: {
    help: "Seconds from the commit of a message to its frames being written to this node's sockets.",
    buckets: [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
  },
} as const;

/** Counters with one label of few values; past the bound they are counted as "other". */
const labelled = {
  refused_requests: { label: "code", help: "Requests, frames and connections that were refused, by error." },
  http_requests: { label: "status", help: "Calls answered, by HTTP status." },
} as const;

export type NumberName = keyof typeof numbers;
export type HistogramName = keyof typeof histograms;
export type LabelledName = keyof typeof labelled;

export interface Metrics {
  /** Rising totals (counters) or present values (gauges); change them at will. */
  readonly counts: Record<NumberName, number>;
  /** Adds what `read` returns to the number, whenever somebody looks. */
  watch(name: NumberName, read: () => number): void;
  observe(name: HistogramName, value: number): void;
  count(name: LabelledName, label: string | number): void;
  /** The page in Prometheus' text format, to be sent as `contentType`. */
  render(): Promise<string>;
  readonly contentType: string;
}

const entries = <Table extends object>(table: Table) =>
  Object.entries(table) as { [Name in keyof Table]: [Name, Table[Name]] }[keyof Table][];

/** Each server has its own, so that several may live in one process. */
export const createMetrics = (): Metrics => {
  const registers = [new Registry()] as const;
  registerProcessMetrics(registers[0]);

  const counts: Partial<Record<NumberName, number>> = {};
  const watched = new Map<NumberName, (() => number)[]>();
  for (const [name, { kind, help }] of entries(numbers)) {
    counts[name] = 0;
    const read = () => (watched.get(name) ?? []).reduce((sum, more) => sum + more(), counts[name] ?? 0);
    if (kind === "gauge")
      new Gauge({
        name: `parlance_${name}`,
        help,
        registers: [...registers],
        collect() {
          this.set(read());
        },
      });
    else
      new Counter({
        name: `parlance_${name}_total`,
        help,
        registers: [...registers],
        collect() {
          this.reset();
          this.inc(read());
        },
      });
  }

  const observed = new Map<HistogramName, Histogram>();
  for (const [name, { help, buckets }] of entries(histograms))
    observed.set(
      name,
      new Histogram({ name: `parlance_${name}`, help, buckets: [...buckets], registers: [...registers] }),
    );

  const labels = new Map<LabelledName, (value: string) => void>();
  for (const [name, { label, help }] of entries(labelled)) {
    const counter = new Counter({
      name: `parlance_${name}_total`,
      help,
      labelNames: [label],
      registers: [...registers],
    });
    const bounded = boundedLabel(100);
    labels.set(name, (value) => counter.inc({ [label]: bounded(value) }));
  }

  return {
    counts: counts as Record<NumberName, number>,
    watch: (name, read) => void watched.set(name, [...(watched.get(name) ?? []), read]),
    observe: (name, value) => observed.get(name)?.observe(value),
    count: (name, label) => labels.get(name)?.(String(label)),
    render: () => registers[0].metrics(),
    contentType: registers[0].contentType,
  };
};
