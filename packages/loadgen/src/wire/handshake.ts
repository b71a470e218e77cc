/** The HTTP part of a WebSocket: one request, one answer. Only what a load generator must check is checked. */

const BLANK_LINE = Buffer.from("\r\n\r\n");
/** An answer that has not ended after so many bytes is not one. */
export const MAX_ANSWER = 16 * 1024;

/** What is agreed on at the upgrade. */
interface Terms {
  subprotocol?: string;
  isCompressed?: boolean;
}

/** Each message by itself, so that a sample can be inflated without what came before. */
const DEFLATE = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

/** The same key every time: it guards caches against confusion, and there are none here. */
export const upgradeRequest = (host: string, port: number, path: string, terms: Terms = {}): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
  (terms.subprotocol ? `Sec-WebSocket-Protocol: ${terms.subprotocol}\r\n` : "") +
  (terms.isCompressed ? `Sec-WebSocket-Extensions: ${DEFLATE}\r\n` : "") +
  "Sec-WebSocket-Key: bG9hZC1nZW5lcmF0b3ItMQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

/** Where the frames start; null while the answer is incomplete. Throws the status line of a refusal, or what was not agreed to. */
export function acceptUpgrade(answer: Buffer, { subprotocol, isCompressed }: Terms = {}): number | null {
  const end = answer.indexOf(BLANK_LINE);
  if (end < 0) {
    if (answer.length > MAX_ANSWER) throw new Error("the answer to the upgrade has no end");
    return null;
  }
  const head = answer.toString("latin1", 0, end);
  const statusLine = head.slice(0, answer.indexOf("\r\n"));
  if (!/^HTTP\/1\.1 101 /.test(statusLine)) throw new Error(`upgrade refused: ${statusLine}`);
  const agreed = (name: string) => new RegExp(`^${name}: *(.*)$`, "im").exec(head)?.[1]?.trim();
  if (subprotocol && agreed("sec-websocket-protocol") !== subprotocol)
    throw new Error(`the server does not speak ${subprotocol}`);
  const extensions = agreed("sec-websocket-extensions") ?? "";
  if (isCompressed && !/permessage-deflate.*server_no_context_takeover/.test(extensions))
    throw new Error("the server does not compress each message by itself");
  return end + BLANK_LINE.length;
}
