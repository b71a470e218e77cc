import type { Measured } from "../generator/commands.ts";
import type { Sample } from "../report.ts";

/**
 * What a message takes at saturation: bytes on the wire with all that WebSocket and the protocol add, and the server's CPU.
 * Received is everything that came (replies to senders, too), divided by the deliveries.
 */
export function price(saturation: Measured, what: "delivery" | "send"): Sample[] {
  const { bytes, bytesSent, messages, sent, seconds, acknowledged, server } = saturation;
  const count = what === "delivery" ? messages : acknowledged;
  return [
    { measure: "saturation: bytes received, a delivery", value: bytes / messages, unit: "bytes" },
    { measure: "saturation: bytes sent, a send", value: bytesSent / sent, unit: "bytes" },
    {
      measure: `saturation: server CPU, a ${what}`,
      value: (server.cores * seconds * 1e6) / count,
      unit: "µs",
    },
  ];
}
