import { afterEach, describe, expect, test } from "bun:test";
import { inflated, zeroesDeflated } from "../testing/deflate.ts";
import { failureOf } from "../testing/failure-of.ts";
import { compressedBit, opcodes, RawSocket } from "../testing/raw-socket.ts";
import { until } from "../testing/until.ts";
import {
  Dismissal,
  type Listen,
  type Listener,
  type TransportGuest,
  type TransportHandlers,
  type TransportOptions,
  type TransportSocket,
} from "./transport.ts";

interface Guest extends TransportGuest {
  path: string;
}

/** What every transport must do. */
export function transportContract(name: string, listen: Listen): void {
  describe(`transport contract: ${name}`, () => {
    let listener: Listener | undefined;
    let rawSockets: RawSocket[] = [];
    afterEach(async () => {
      for (const socket of rawSockets) socket.tcp.destroy();
      rawSockets = [];
      await listener?.close();
    });

    async function open(
      handlers: Partial<TransportHandlers<Guest>> = {},
      options: Partial<TransportOptions> = {},
    ) {
      const sockets: TransportSocket[] = [];
      const happened: string[] = [];
      listener = await listen<Guest>(
        {
          host: "127.0.0.1",
          port: 0,
          maxBodyBytes: 65_536,
          maxFrameBytes: 65_536,
          maxWaitingBytes: 16 * 1024 * 1024,
          ...options,
        },
        {
          request: async (request) => new Response(`${request.method} ${new URL(request.url).pathname}`),
          upgrade: async (request) => ({ path: new URL(request.url).pathname }),
          opened(guest, socket) {
            happened.push(`opened ${guest.path}`);
            sockets.push(socket);
          },
          received: (_guest, frame) => void happened.push(`received ${Buffer.from(frame)}`),
          heard: () => void happened.push("heard"),
          closed: (guest) => void happened.push(`closed ${guest.path}`),
          ...handlers,
        },
      );
      const { port } = listener;
      const connect = async (path = "/a") => {
        const socket = await RawSocket.open(port, path);
        rawSockets.push(socket);
        return socket;
      };
      return { port, url: `http://127.0.0.1:${port}`, sockets, happened, connect };
    }

    test("answers plain requests and refuses upgrades with the response given", async () => {
      const { url, port } = await open({ upgrade: async () => new Response("no", { status: 403 }) });
      expect(await (await fetch(`${url}/x`, { method: "POST", body: "b" })).text()).toBe("POST /x");
      expect(await failureOf(RawSocket.open(port, "/a"))).toMatch("403");
    });

    test("says which address a request came from", async () => {
      const { url } = await open({ request: async (_request, address) => new Response(address) });
      expect(await (await fetch(url)).text()).toBe("127.0.0.1");
    });

    test("tells of an opening, of messages text and binary, of signs of life, of the end once", async () => {
      const { happened, connect } = await open();
      const socket = await connect("/room");
      socket.send(opcodes.text, "hällo");
      socket.send(opcodes.binary, "bytes");
      socket.send(opcodes.ping, "");
      socket.send(opcodes.pong, "");
      await until("five happenings", () => happened.length === 5);
      socket.tcp.destroy();
      await until("a sixth happening", () => happened.length === 6);
      expect(happened).toEqual([
        "opened /room",
        "received hällo",
        "received bytes",
        "heard",
        "heard",
        "closed /room",
      ]);
    });

    test("puts fragments together and waits for the rest of half a frame", async () => {
      const { happened, connect } = await open();
      const socket = await connect();
      const frame = RawSocket.frame(0, "llo");
      socket.tcp.write(
        Buffer.concat([RawSocket.frame(opcodes.text, "he", false), frame.subarray(0, frame.length - 1)]),
      );
      const other = await connect("/b");
      other.send(opcodes.text, "meanwhile");
      await until("received meanwhile", () => happened.includes("received meanwhile"));
      expect(happened).not.toContain("received hello");
      socket.tcp.write(frame.subarray(frame.length - 1));
      await until("received hello", () => happened.includes("received hello"));
    });

    test("ends a connection that breaks the protocol, sends bad UTF-8 or too much, and only that one", async () => {
      const { happened, connect } = await open();
      const good = await connect("/good");
      const attacks: [Buffer, number[]][] = [
        [RawSocket.frame(opcodes.text, Buffer.from([0xff, 0xfe])), [1007]],
        [RawSocket.frame(3, "reserved opcode"), [1002]],
        [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x11, 0x70, 0, 0, 0, 0]), [1009]],
      ];
      for (const [bytes, codes] of attacks) {
        const bad = await connect("/bad");
        bad.tcp.write(bytes);
        const code = await bad.closeCode();
        // Cutting the line without a word is as good.
        expect([null, ...codes]).toContain(code);
      }
      good.send(opcodes.text, "still here");
      await until("received still here", () => happened.includes("received still here"));
      const closed = () => happened.filter((line) => line === "closed /bad").length;
      await until("the end of each bad one", () => closed() === attacks.length);
    });

    test("writes many frames in order, texts and bytes", async () => {
      const { sockets, connect } = await open();
      const socket = await connect();
      const frames = Array.from({ length: 500 }, (_, index) =>
        index % 3 === 1 ? new Uint8Array([index & 255, 0, 255]) : `frame ${index} ü`,
      );
      expect(sockets[0]?.send(frames)).toBe(true);
      expect(sockets[0]?.send([new Uint8Array([7])])).toBe(true);
      for (const frame of [...frames, new Uint8Array([7])]) {
        const seen = await socket.next();
        const opcode = typeof frame === "string" ? opcodes.text : opcodes.binary;
        expect([seen?.opcode, seen?.payload.equals(Buffer.from(frame))]).toEqual([opcode, true]);
      }
    });

    test("compresses long frames for those who offer it, each by itself, if it is told to", async () => {
      const offer = { "Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits" };
      const [long, bytes] = ["many words ".repeat(100), new Uint8Array(1000)];
      const frames = [long, "short", bytes, long];
      const received = async (compresses: boolean, headers: Record<string, string>) => {
        await listener?.close();
        const { port, sockets } = await open({}, { compresses });
        const socket = await RawSocket.open(port, "/", headers);
        rawSockets.push(socket);
        expect(sockets[0]?.send(frames)).toBe(true);
        const isAgreed = /^sec-websocket-extensions:/im.test(socket.head);
        const seen: { isCompressed: boolean; payload: Buffer }[] = [];
        for (const _ of frames) seen.push((await socket.next()) as (typeof seen)[number]);
        for (const [index, { isCompressed, payload }] of seen.entries())
          expect(
            (isCompressed ? inflated(payload) : payload).equals(Buffer.from(frames[index] as string)),
          ).toBe(true);
        return [isAgreed, ...seen.map(({ isCompressed }) => isCompressed)];
      };
      expect(await received(true, offer)).toEqual([true, true, false, true, true]);
      expect(await received(true, {})).toEqual([false, false, false, false, false]);
      expect(await received(false, offer)).toEqual([false, false, false, false, false]);
    });

    test("inflates what it receives, up to the bound of a frame, and no one else notices who goes beyond", async () => {
      const { happened, port, connect } = await open(
        { received: (_guest, frame) => void happened.push(`received ${frame.length}`) },
        { compresses: true },
      );
      const offer = { "Sec-WebSocket-Extensions": "permessage-deflate" };
      const good = await connect("/good");
      const compressing = async (path: string, ...pieces: Buffer[]) => {
        const socket = await RawSocket.open(port, path, offer);
        rawSockets.push(socket);
        for (const [index, piece] of pieces.entries()) {
          const opcode = index === 0 ? opcodes.binary | compressedBit : 0;
          socket.tcp.write(RawSocket.frame(opcode, piece, index === pieces.length - 1));
        }
        return socket;
      };
      await compressing("/bound", zeroesDeflated(65_536));
      await until("a frame of just the bound", () => happened.includes("received 65536"));
      const bomb = zeroesDeflated(30_000_000);
      const attacks: [Buffer[], number][] = [
        [[zeroesDeflated(65_537)], 1009],
        [[bomb], 1009],
        [[bomb.subarray(0, 1000), bomb.subarray(1000, 2000), bomb.subarray(2000)], 1009],
        [[Buffer.alloc(1000, 0xff)], 1007],
      ];
      for (const [pieces, code] of attacks) {
        const bad = await compressing("/bad", ...pieces);
        expect([null, code]).toContain(await bad.closeCode());
      }
      good.send(opcodes.text, "still here");
      await until("the good one", () => happened.includes("received 10"));
      const closed = () => happened.filter((line) => line === "closed /bad").length;
      await until("the end of each bad one", () => closed() === attacks.length);
      expect(happened.filter((line) => line.startsWith("received"))).toEqual([
        "received 65536",
        "received 10",
      ]);
    });

    test("agrees to the subprotocol that its guest names, and to no other", async () => {
      const agreed = async (subprotocol: string | null) => {
        await listener?.close();
        const { port } = await open({ upgrade: async () => ({ path: "/", subprotocol }) });
        const socket = await RawSocket.open(port, "/", { "Sec-WebSocket-Protocol": "one, two" });
        rawSockets.push(socket);
        return /^sec-websocket-protocol: *(.*)\r$/im.exec(socket.head)?.[1] ?? null;
      };
      expect(await agreed("two")).toBe("two");
      expect(await agreed("one")).toBe("one");
    });

    test("lets in who is dismissed, to say why, and tells nobody", async () => {
      const { happened, connect } = await open({ upgrade: async () => new Dismissal(4100, "why", null) });
      const socket = await connect();
      socket.send(opcodes.text, "hello?");
      socket.send(opcodes.ping, "");
      expect(await socket.closeFrame()).toEqual({ code: 4100, reason: "why" });
      socket.tcp.destroy();
      expect(happened).toEqual([]);
    });

    test("says how much waits for a peer that doesn't read, keeps it in order, and drops nothing silently", async () => {
      const { sockets, connect } = await open();
      const socket = await connect();
      socket.tcp.pause();
      const server = sockets[0] as TransportSocket;
      const frame = "x".repeat(64 * 1024);
      let sent = 0;
      while (server.waitingBytes() < 1024 * 1024) {
        expect(server.send([frame])).toBe(true);
        sent++;
      }
      socket.tcp.resume();
      for (let index = 0; index < sent; index++)
        expect((await socket.next())?.payload.length).toBe(frame.length);
      await until("the rest is taken", () => server.waitingBytes() === 0);
    });

    test("reports a frame it had to drop", async () => {
      const { sockets, connect } = await open({}, { maxWaitingBytes: 1024 * 1024 });
      const socket = await connect();
      socket.tcp.pause();
      const server = sockets[0] as TransportSocket;
      const frame = "x".repeat(64 * 1024);
      let attempts = 0;
      while (server.send([frame, frame]) && attempts < 10_000) attempts++;
      expect(attempts).toBeGreaterThan(0);
      expect(attempts).toBeLessThan(10_000);
    });

    test("closes with code and reason after what was sent, and can cut the line", async () => {
      const { sockets, happened, connect } = await open();
      const polite = await connect("/polite");
      sockets[0]?.send(["last words"]);
      sockets[0]?.close(4000, "why");
      expect((await polite.next())?.payload.toString()).toBe("last words");
      const close = await polite.next();
      expect([close?.payload.readUInt16BE(0), close?.payload.subarray(2).toString()]).toEqual([4000, "why"]);
      const cut = await connect("/cut");
      sockets[1]?.terminate();
      await cut.ended();
      await until("closed /cut", () => happened.includes("closed /cut"));
      expect(sockets[1]?.send(["x"])).toBe(false);
    });

    test("shares its port with those who say so, too, and with nobody else", async () => {
      const { port } = await open({}, { sharesPort: true });
      const options = { host: "127.0.0.1", port, maxBodyBytes: 1, maxFrameBytes: 1, maxWaitingBytes: 1 };
      const unheard = {} as TransportHandlers<Guest>;
      const refusal = await listen(options, unheard).catch((error) => error);
      expect(refusal).toMatchObject({ code: "EADDRINUSE" });
      const other = await listen({ ...options, sharesPort: true }, unheard);
      expect(other.port).toBe(port);
      await other.close();
    });

    test("stops listening while connections go on", async () => {
      const { port, happened, connect } = await open();
      const socket = await connect();
      listener?.stopListening();
      expect(await failureOf(RawSocket.open(port, "/late"))).not.toBe("");
      socket.send(opcodes.text, "still here");
      await until("received still here", () => happened.includes("received still here"));
    });
  });
}
