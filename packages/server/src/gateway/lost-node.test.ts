/** What a node stored and told nobody of, because it was cut off and then died. */

import { expect, test } from "bun:test";
import { openStore } from "../adapters/open-store.ts";
import { textContent, textType } from "../core/messages/text-message.ts";
import { i2aBackEnd } from "../testing/i2a-back-end.ts";
import { startPostgres } from "../testing/postgres-server.ts";
import { startTestServer, testApps } from "../testing/test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

test("is read when its lease ends, though nothing more is sent", async () => {
  const postgres = await startPostgres();
  const url = postgres.url(await postgres.createDatabase());
  const server = await startTestServer({ store: url, storeConnections: 4 });
  const beside = await openStore({ dataDir: "", store: url, storeConnections: 2 });
  try {
    const shop = i2aBackEnd(server.url, testApps.shop.secret);
    const room = await shop.room(["ann", "bob"]);
    const bob = await TestSocket.open(`${server.socketUrl}/socket/?token=${await shop.token("bob")}`);
    const app = (await beside.apps.list()).find(({ key }) => key === testApps.shop.key);
    const own = beside.forApp(app?.id ?? 0);
    const conversation = await own.findConversation(room.replace(/:.*/, ""), ["group"]);
    // Longer than the server's own renewal takes to come, so that it has seen this node alive.
    await beside.nodes.takeLease({ nodeId: "lost", address: "", version: "" }, 5000, false);
    await own.append({
      conversationId: conversation?.id ?? 0,
      senderId: "ann",
      type: textType,
      content: textContent("last words"),
      isCounted: true,
      marksRead: true,
    });
    expect((await bob.next("ROUTABLE")).value.message).toBe("last words");
  } finally {
    await beside.close();
    await server.stop();
    await postgres.stop();
  }
}, 60_000);
