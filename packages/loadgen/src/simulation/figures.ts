/**
 * What was measured: the one place from which the simulation takes what a piece of work costs. Each line says which
 * scenario of `npm run bench` gave it, or which other command; docs/benchmarks.md has the results.
 */

import type { Input } from "./inputs.ts";

export const figures = {
  connectionsPerNode: { value: 20_000, unit: "connections", source: "idle-19k: 19,000 in one process" },
  bytesPerConnection: { value: 4_860, unit: "B", source: "idle-19k: RSS a connection over fresh start" },
  nodeBytes: { value: 90e6, unit: "B", source: "idle-19k: the rest of 175 MiB" },
  sendMicros: {
    value: 28,
    unit: "µs of the main thread",
    source: "cluster-durable-1000-x1: busiest thread, each",
  },
  markMicros: {
    value: 39,
    unit: "µs of the main thread",
    source: "cluster-marks-x1: busiest thread, each; telling four others included",
  },
  connectMicros: {
    value: 284,
    unit: "µs of the main thread",
    source: "cluster-arrivals-x1, connects: busiest thread, each",
  },
  publishMicros: { value: 8.1, unit: "µs", source: "bus-nats/testing/measure.ts: one message a turn" },
  hearMicros: { value: 4, unit: "µs", source: "bus-nats/testing/measure.ts: one message a turn" },
  deliverMicros: {
    value: 5.7,
    unit: "µs",
    source: "socketio-bun: 175,000/s, one write each; ours take 0.35 in full batches",
  },
  busBytes: { value: 586, unit: "B an event", source: "cluster-bus-x2: bytes out of NATS, a send" },
  appendDatabaseMicros: {
    value: 71,
    unit: "µs of PostgreSQL",
    source: "cluster-durable-1000-x3: PostgreSQL's CPU each",
  },
  markDatabaseMicros: {
    value: 58,
    unit: "µs of PostgreSQL",
    source: "cluster-marks-x3: PostgreSQL's CPU each",
  },
  connectDatabaseMicros: {
    value: 630,
    unit: "µs of PostgreSQL",
    source: "cluster-arrivals-x3, connects: PostgreSQL's CPU each",
  },
  rowBytes: { value: 280, unit: "B a message, with indexes", source: "PostgreSQL alone, 1000 rooms" },
  walBytes: { value: 740, unit: "B a message", source: "PostgreSQL alone, 1000 rooms" },
} as const satisfies Record<string, Input>;
