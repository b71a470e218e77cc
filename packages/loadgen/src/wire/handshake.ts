/** The HTTP part of a WebSocket: one request, one answer. Only what a load generator must check is checked. */

const BLANK_LINE = Buffer.from("\r\n\r\n");
/** An answer that has not ended after so many bytes is not one. */
export const MAX_ANSWER = 16 * 1024;

/** The same key every time: it guards caches against confusion, and there are none here. */
export const upgradeRequest = (host: string, port: number, path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  "Sec-WebSocket-Key: bG9hZC1nZW5lcmF0b3ItMQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/** Where the frames start; null while the answer is incomplete. Throws the status line of a refusal. */
export function acceptUpgrade(answer: Buffer): number | null {
  const end = answer.indexOf(BLANK_LINE);
  if (end < 0) {
    if (answer.length > MAX_ANSWER) throw new Error("the answer to the upgrade has no end");
    return null;
  }
  const statusLine = answer.toString("latin1", 0, answer.indexOf("\r\n"));
  if (!/^HTTP\/1\.1 101 /.test(statusLine)) throw new Error(`upgrade refused: ${statusLine}`);
  return end + BLANK_LINE.length;
}
