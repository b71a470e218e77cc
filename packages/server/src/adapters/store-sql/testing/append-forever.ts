/**
 * A process to be killed: appends numbered messages and prints each acknowledged one as `number conversation seq end`.
 * Arguments: file, app id, first number, how many (then it closes the store and must exit by itself), conversations.
 */

import { openSqliteStore } from "../sqlite.ts";

const [file = "", ...numbers] = process.argv.slice(2);
const [appId = 0, first = 0, count = 0, ...conversationIds] = numbers.map(Number);
const APPENDERS = 24;

const store = await openSqliteStore({ file });
const own = store.forApp(appId);
let next = first;

const appendInTurn = async (appender: number): Promise<void> => {
  while (next < first + count) {
    const number = next++;
    const conversationId = conversationIds[number % conversationIds.length] as number;
    const { seq } = await own.append({
      conversationId,
      senderId: `sender-${appender}`,
      type: "text",
      content: JSON.stringify({ number, appender }),
      isCounted: true,
      clientId: String(number),
      marksRead: true,
    });
    process.stdout.write(`${number} ${conversationId} ${seq} end\n`);
  }
};

await Promise.all(Array.from({ length: APPENDERS }, (_, appender) => appendInTurn(appender)));
await store.close();
