/** `node talk.mjs URL TOKEN json|msgpack`: Ann writes to Ben, hears his answer, and prints what she saw. */

import { connect } from "@parlance/client";
import { msgpack } from "@parlance/client/msgpack";

const [url, token, codec] = process.argv.slice(2);
const options = { url, userId: "ann", token, ...(codec === "msgpack" ? { codec: msgpack } : {}) };

let refusal = null;
if (!globalThis.WebSocket) {
  refusal = await connect(options).then(
    () => "",
    (error) => error.message,
  );
  options.WebSocket = (await import("ws")).WebSocket;
}

const client = await connect(options);
const ben = client.direct("ben");
await ben.open();
const answer = new Promise((resolve) => {
  client.on("message", ({ message }) => {
    if (message.from === "ben") resolve(message.content.text);
  });
});
await ben.send("Hello Ben, 👋");
const heard = await answer;
const { messages } = await ben.history();
await client.close();
console.log(JSON.stringify({ refusal, heard, history: messages.map(({ content }) => content.text) }));
