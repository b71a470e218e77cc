import { afterEach, expect, test } from "bun:test";
import { constants, deflateRawSync } from "node:zlib";
import type { Dialect, Seat } from "../dialects/dialect.ts";
import { i2a } from "../dialects/i2a.ts";
import { nativeDialects } from "../dialects/native.ts";
import { socketio } from "../dialects/socketio.ts";
import { Connection, newTally } from "./connection.ts";
import { opcode } from "./frames.ts";

const accepted = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n";
const listeners: { stop(force: boolean): void }[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.stop(true);
});

/** A server that says `answer` to the upgrade request, and gathers what the client writes after it. */
function listen(answer: Uint8Array | string) {
  const received: Buffer[] = [];
  let onBytes = () => {};
  let hasAnswered = false;
  const listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket, chunk) {
        if (hasAnswered) received.push(Buffer.from(chunk));
        else socket.write(answer);
        hasAnswered = true;
        onBytes();
      },
    },
  });
  listeners.push(listener);
  const bytes = async (count: number): Promise<Buffer> => {
    while (Buffer.concat(received).length < count)
      await new Promise<void>((resolve) => {
        onBytes = resolve;
      });
    return Buffer.concat(received);
  };
  return { port: listener.port, bytes };
}

const seatAt = (port: number): Seat => ({
  host: "127.0.0.1",
  port,
  path: "/socket/?token=t",
  room: "r",
  role: "listener",
  index: 0,
});

const text = (payload: string) => Buffer.concat([Buffer.from([0x81, payload.length]), Buffer.from(payload)]);
const message = text('{"type":"ROUTABLE","message":"hi"}');
const mark = text('{"type":"SET_LAST_MESSAGE_READ"}');

async function connectTo(answer: Uint8Array | string, dialect: Dialect = i2a) {
  const server = listen(answer);
  const tally = newTally();
  const connection = new Connection(seatAt(server.port), dialect, tally);
  await connection.open();
  return { ...server, tally, connection };
}

test("frames that come with the answer to the upgrade are counted by kind", async () => {
  const { tally, connection } = await connectTo(
    Buffer.concat([Buffer.from(accepted), message, mark, message]),
  );
  expect([tally.messages, tally.others, tally.errors]).toEqual([2, 1, 0]);
  connection.close();
});

test("a ping is answered with its payload", async () => {
  const ping = Buffer.from([0x89, 3, 0x61, 0x62, 0x63]);
  const { bytes, connection } = await connectTo(Buffer.concat([Buffer.from(accepted), ping]));
  const pong = await bytes(9);
  expect([...pong]).toEqual([0x80 | opcode.pong, 0x83, 0, 0, 0, 0, 0x61, 0x62, 0x63]);
  connection.close();
});

test("Socket.IO is greeted, and ready when it is greeted back", async () => {
  const opening = Buffer.concat([Buffer.from(accepted), text('0{"sid":"s"}'), text('40{"sid":"s"}')]);
  const { bytes, tally, connection } = await connectTo(Buffer.concat([opening, text("2")]), socketio);
  const written = await bytes(8 + 7);
  expect(written.subarray(6, 8).toString()).toBe("40");
  expect(written.subarray(14, 15).toString()).toBe("3");
  expect(tally.messages).toBe(0);
  connection.close();
});

test("a refused upgrade throws its status line", async () => {
  const opening = connectTo("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  const refusal = await opening.catch((error: Error) => error.message);
  expect(refusal).toMatch("403 Forbidden");
});

test("a close frame counts as a lost connection and names its code", async () => {
  const close = Buffer.from([0x88, 2, 0x03, 0xf0]);
  const { tally } = await connectTo(Buffer.concat([Buffer.from(accepted), close]));
  expect(tally.lost).toBe(1);
  expect(tally.firstError).toContain("1008");
});

test("an error frame is counted and kept", async () => {
  const error = text('{"type":"ERROR","exception":{"error_code":10001}}');
  const { tally, connection } = await connectTo(Buffer.concat([Buffer.from(accepted), error]));
  expect(tally.errors).toBe(1);
  expect(tally.firstError).toContain("10001");
  connection.close();
});

const compressing = nativeDialects["native-json-deflate"];
const agreedTo = (extension: string) =>
  "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Protocol: parlance.v1.json\r\n" +
  `Sec-WebSocket-Extensions: ${extension}\r\n\r\n`;
const eachByItself = agreedTo("permessage-deflate; client_no_context_takeover; server_no_context_takeover");

/** A text as a server sends it that compressed it by itself. */
const compressed = (payload: string): Buffer => {
  const flushed = deflateRawSync(payload, { finishFlush: constants.Z_SYNC_FLUSH });
  const body = flushed.subarray(0, flushed.length - 4);
  return Buffer.concat([Buffer.from([0xc1, body.length]), body]);
};

test("compressed frames are looked into until the welcome, and by who listens for messages", async () => {
  const greeted = [Buffer.from(eachByItself), compressed('{"event":"welcome","data":{}}')];
  const heard = compressed('{"event":"message","data":{"content":{"text":"hi"}}}');
  const { tally, connection } = await connectTo(Buffer.concat([...greeted, heard]), compressing);
  expect([tally.messages, tally.others]).toEqual([1, 0]);
  const texts: string[] = [];
  connection.onMessage = (bytes, start, end) =>
    void texts.push(Buffer.from(bytes.slice(start, end)).toString());
  connection.onData(Buffer.concat([heard, compressed('{"id":1000000000,"result":{}}')]));
  expect(texts).toEqual(['{"event":"message","data":{"content":{"text":"hi"}}}']);
  expect([tally.messages, tally.others]).toEqual([2, 1]);
  connection.close();
});

test.each([
  ["nothing", accepted, "does not speak parlance.v1.json"],
  ["no compression", eachByItself.replace("permessage-deflate", "x"), "does not compress"],
  ["a context that lasts", agreedTo("permessage-deflate"), "does not compress each message by itself"],
])("who agrees to %s is refused", async (_what, answer, sentence) => {
  const refusal = await connectTo(answer, compressing).catch((error: Error) => error.message);
  expect(refusal).toMatch(sentence);
});
