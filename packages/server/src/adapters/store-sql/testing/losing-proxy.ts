/**
 * A proxy before PostgreSQL that loses answers: a link is cut after the bytes that commit something went to the server,
 * and before the answer came back. Imported by tests only.
 */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { SESSIONS_MARK } from "../postgres/sessions.ts";

export interface LosingProxy {
  readonly port: number;
  /** How many answers were lost. */
  readonly lost: number;
  /** Of commits that pass, this share loses its answer, until `lost` is `until`. */
  lose(share: number, until: number): void;
  close(): Promise<void>;
}

/**
 * Prepared statements are bound by their names; sessions come as a script that says what it is; other writes end with a
 * statement of their own.
 */
const commits = ["\0append\0", "\0marks\0", "\0fence\0", SESSIONS_MARK, "commit\0"].map((mark) =>
  Buffer.from(mark),
);

/**
 * How a link ends: when the server has answered, so that the commit surely is; at once on both sides, so that the server
 * may not even have read it; at once on the near side only, so that the commit is made while we already ask about it.
 */
const endings = ["answered", "both", "near"] as const;

export const startLosingProxy = async (targetPort: number): Promise<LosingProxy> => {
  let [share, until, lost] = [0, 0, 0];
  const sockets = new Set<Socket>();

  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ host: "127.0.0.1", port: targetPort, noDelay: true });
    let isAwaited = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    near.on("data", (chunk: Buffer) => {
      far.write(chunk);
      if (lost >= until || Math.random() >= share || !commits.some((mark) => chunk.includes(mark))) return;
      const ending = endings[lost++ % endings.length];
      if (ending === "answered") isAwaited = true;
      // The near side is gone for the client; the far one goes on, until the server has nothing to say to it.
      if (ending === "near") {
        near.destroy();
        far.resume();
        far.end();
      }
      if (ending === "both") {
        near.destroy();
        far.destroy();
      }
    });
    far.on("data", (chunk: Buffer) => {
      if (isAwaited) {
        near.destroy();
        far.destroy();
      } else if (!near.destroyed) near.write(chunk);
    });
    far.on("close", () => near.destroy());
    near.on("end", () => far.end());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    port: (server.address() as AddressInfo).port,
    get lost() {
      return lost;
    },
    lose(nextShare, nextUntil) {
      [share, until] = [nextShare, nextUntil];
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
};
