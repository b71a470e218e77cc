/**
 * The yardstick: what a team would write first. One Socket.IO server, WebSocket only, rooms in memory, every message to
 * everybody in its room. It keeps nothing on disk and asks nobody for permission. Plain JavaScript, because it also
 * runs on Node, which is Socket.IO's home.
 */
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer((_request, response) => response.end("ready"));
const io = new Server(http, { transports: ["websocket"], serveClient: false });

io.on("connection", (socket) => {
  const { room, user } = socket.handshake.query;
  socket.join(room);
  socket.on("m", (message) => {
    const { text } = message;
    io.to(message.room).emit("m", { room: message.room, from: user, at: Date.now(), text });
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1");
