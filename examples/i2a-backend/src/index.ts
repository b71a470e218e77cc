/**
 * A whole back end that uses Parlance, small enough to read in ten minutes: own users, own login, own rooms.
 *
 * Read in this order: socket-session.ts and rooms.ts (the two diagrams), parlance.ts (the calls), routes.ts (what the
 * page may ask), then public/js/socket.js (the protocol on the page's side).
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { readBody } from "./body.ts";
import { openDatabase } from "./database.ts";
import { openDemoRooms } from "./demo-rooms.ts";
import { connectParlance } from "./parlance.ts";
import { openPublicFiles } from "./public-files.ts";
import { limitRate } from "./rate.ts";
import { Refusal } from "./refusal.ts";
import { openRoomRecords } from "./room-records.ts";
import { openRooms } from "./rooms.ts";
import { type Backend, type Route, routes } from "./routes.ts";
import { openSocketSession } from "./socket-session.ts";
import { openUsers } from "./users.ts";

export interface DemoOptions {
  /** Where this back end reaches Parlance over HTTP, e.g. `http://127.0.0.1:8080`. */
  apiUrl: string;
  /** The app's secret. It never reaches the page. */
  secret: string;
  /** The app's public key; when absent it is read off the first token. */
  appKey?: string;
  /** The database file; created when missing. */
  file: string;
  /** The path below which this is served, without a trailing slash: `/demo`, or empty. */
  basePath: string;
  /** How the page reaches the socket: a path on its own host (default `/socket/`) or a `ws:` address. */
  socketUrl?: string;
  /** Told of errors that are nobody's fault but ours. Default: standard error. */
  onError?(error: unknown): void;
}

export interface Demo {
  /** Never throws; what it doesn't know is answered with 404. */
  fetch(request: Request): Promise<Response>;
  close(): void;
}

const noStore = { "cache-control": "no-store" };
const answer = (body: unknown, status = 200) => Response.json(body, { status, headers: noStore });

const compiled = routes.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replaceAll("*", "([\\w-]+)")}/?$`),
}));

const match = (method: string, path: string): { route: Route; path: string[] } => {
  const hits = compiled.flatMap(({ route, pattern }) => {
    const found = pattern.exec(path);
    return found ? [{ route, path: found.slice(1) }] : [];
  });
  const hit = hits.find(({ route }) => route.method === method);
  if (hit) return hit;
  throw hits.length > 0 ? new Refusal(405, "Not with this method.") : new Refusal(404, "No such call.");
};

export const createDemo = (options: DemoOptions): Demo => {
  const { secret, apiUrl, appKey, basePath, socketUrl = "/socket/", onError = console.error } = options;
  if (options.file !== ":memory:") mkdirSync(dirname(options.file), { recursive: true });
  const database = openDatabase(options.file);
  const parlance = connectParlance({ apiUrl, secret });
  const users = openUsers(database);
  const records = openRoomRecords(database);
  const rooms = openRooms(records, parlance);
  const backend: Backend = {
    users,
    rooms,
    parlance,
    welcome: openDemoRooms(users, records, rooms).welcome,
    openSocketSession: (user, deviceId) => openSocketSession(parlance, { socketUrl, appKey }, user, deviceId),
  };
  const serveFile = openPublicFiles(join(import.meta.dirname, "../public"), socketUrl);
  const limitStrangers = limitRate(100, 20);
  const limitUser = limitRate(60, 5);

  const runCall = async (request: Request, name: string): Promise<Response> => {
    const { route, path } = match(request.method, name);
    const token = /^Bearer (\S{1,100})$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? "";
    const user = users.findByToken(token);
    if (!user && !route.isOpen) throw new Refusal(401, "Please sign in.");
    if (user) limitUser(user.id);
    else limitStrangers("everyone");
    const body = await readBody(request);
    return answer(await route.run({ ...backend, user: user as NonNullable<typeof user>, token, path, body }));
  };

  const serve = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (basePath !== "" && pathname === basePath)
      return new Response(null, { status: 308, headers: { location: `${basePath}/` } });
    if (!pathname.startsWith(`${basePath}/`)) throw new Refusal(404, "There is nothing here.");
    const name = pathname.slice(basePath.length + 1);
    if (name.startsWith("api/")) return runCall(request, name.slice(4));
    if (request.method !== "GET" && request.method !== "HEAD")
      throw new Refusal(405, "Not with this method.");
    const response = serveFile(request, name);
    if (!response) throw new Refusal(404, "There is nothing here.");
    return response;
  };

  return {
    async fetch(request) {
      try {
        return await serve(request);
      } catch (error) {
        if (error instanceof Refusal) return answer({ error: error.message }, error.status);
        onError(error);
        return answer({ error: "Something went wrong here." }, 500);
      }
    },
    close: () => database.close(),
  };
};
