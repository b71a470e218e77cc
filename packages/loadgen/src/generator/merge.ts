import { Histogram } from "../histogram.ts";
import type { Counted, Measured } from "./commands.ts";

/** Several generators' results as one. */

const sum = <Item>(items: Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const joined = (parts: [number, number][][]): [number, number][] => {
  const whole = new Histogram();
  for (const part of parts) whole.add(part);
  return whole.toJSON();
};

export function mergeMeasured(parts: Measured[]): Measured {
  return {
    seconds: sum(parts, (part) => part.seconds) / parts.length,
    sent: sum(parts, (part) => part.sent),
    acknowledged: sum(parts, (part) => part.acknowledged),
    messages: sum(parts, (part) => part.messages),
    frames: sum(parts, (part) => part.frames),
    bytes: sum(parts, (part) => part.bytes),
    bytesSent: sum(parts, (part) => part.bytesSent),
    echo: joined(parts.map((part) => part.echo)),
    delivery: joined(parts.map((part) => part.delivery)),
    lateness: joined(parts.map((part) => part.lateness)),
    // Only the first generator watches the server.
    server: parts[0]?.server ?? { cores: 0, busiestThread: 0 },
    generator: {
      cores: sum(parts, (part) => part.generator.cores),
      busiestThread: Math.max(...parts.map((part) => part.generator.busiestThread)),
    },
  };
}

export function mergeCounts(parts: Counted[]): Counted {
  return {
    sent: sum(parts, (part) => part.sent),
    acknowledged: sum(parts, (part) => part.acknowledged),
    messages: sum(parts, (part) => part.messages),
    lost: sum(parts, (part) => part.lost),
    errors: sum(parts, (part) => part.errors),
    firstError: parts.find((part) => part.firstError !== null)?.firstError ?? null,
  };
}
