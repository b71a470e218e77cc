/**
 * The back end of the demo at `/demo`: serves the page, and opens sessions for whoever says a name. It knows Parlance
 * by its HTTP address and the app's secret alone; everything else the page does with the SDK.
 */

import { join } from "node:path";
import { readBody, takeText } from "./body.ts";
import { type CallLimit, limitCalls } from "./call-limit.ts";
import { openChatrooms } from "./chatrooms.ts";
import { openDirectory } from "./directory.ts";
import { openPageFiles } from "./page-files.ts";
import { connectParlance } from "./parlance.ts";
import { Refusal } from "./refusal.ts";
import { openWelcome, suggestedNames } from "./welcome.ts";

export interface DemoOptions {
  /** Where Parlance answers over HTTP, e.g. `http://127.0.0.1:8080`. */
  apiUrl: string;
  app: { key: string; secret: string };
  /** The database file of names; created when missing. */
  file: string;
  /** The path below which this is served, without a trailing slash. */
  basePath: string;
  /** Calls of one address: so many at once, and so many a second. */
  calls?: CallLimit;
}

export interface Demo {
  /** Never rejects. `address` is who asks, as far as the server sees: behind a proxy everybody has the proxy's. */
  fetch(request: Request, address: string): Promise<Response>;
  close(): void;
}

const mostGroups = 1_000;
const mostMembers = 50;
const nameCharacters = 40;
/** Signing in takes three calls; people in one house, or behind one proxy, share an address. */
const defaultCalls: CallLimit = { burst: 100, perSecond: 10 };

const notBuilt = "The page is not built yet: `npm start` builds it, as does `node scripts/demo-page.mjs`.\n";

export function createDemo({ apiUrl, app, file, basePath, calls: limit = defaultCalls }: DemoOptions): Demo {
  const directory = openDirectory(file);
  const parlance = connectParlance(apiUrl, app);
  const takeCall = limitCalls(limit);
  const welcome = openWelcome(directory, parlance);
  const listChatrooms = openChatrooms(directory, parlance);
  const page = openPageFiles(join(import.meta.dirname, "../dist"));

  const calls: Record<string, (request: Request, query: URLSearchParams) => Promise<object>> = {
    /** Anyone can be anyone: a back end of your own asks for more than a name here. */
    async "POST session"(request) {
      const { name, deviceId } = await readBody(request);
      const person = directory.person(takeText(name, "The name", nameCharacters));
      const device = takeText(deviceId, "The device", 64);
      const token = await parlance.openSession(person.id, device, { name: person.name });
      await welcome(person.id);
      return { ...person, token };
    },
    async "GET people"() {
      return { suggested: suggestedNames, people: directory.people() };
    },
    async "POST people"(request) {
      const { name } = await readBody(request);
      return directory.person(takeText(name, "The name", nameCharacters));
    },
    async "GET chatrooms"() {
      return { chatrooms: await listChatrooms() };
    },
    async "GET group"(_request, query) {
      const group = directory.group(query.get("id") ?? "");
      if (!group) throw new Refusal(404, "There is no such group.");
      return group;
    },
    async "POST group"(request) {
      const { name, memberIds } = await readBody(request);
      const title = takeText(name, "The name", nameCharacters);
      if (!Array.isArray(memberIds) || memberIds.length === 0 || memberIds.length > mostMembers)
        throw new Refusal(400, `A group has 1 to ${mostMembers} people at first.`);
      if (directory.countGroups() >= mostGroups) throw new Refusal(409, "There are too many groups here.");
      const id = await parlance.createGroup(memberIds.map((id) => takeText(id, "A person", 64)));
      const group = { id, name: title };
      directory.addGroup(group);
      return group;
    },
  };

  const answer = async (request: Request, address: string): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === basePath)
      return new Response(null, { status: 308, headers: { location: `${basePath}/` } });
    const name = pathname.slice(basePath.length + 1);
    if (name.startsWith("api/")) {
      const call = calls[`${request.method} ${name.slice(4)}`];
      if (!call) throw new Refusal(404, "There is no such call.");
      takeCall(address);
      return Response.json(await call(request, searchParams), { headers: { "cache-control": "no-store" } });
    }
    if (request.method !== "GET" && request.method !== "HEAD")
      throw new Refusal(405, "Not with this method.");
    if (page === null) return new Response(notBuilt, { status: 503 });
    const response = page(request, name);
    if (!response) throw new Refusal(404, "There is nothing here.");
    return response;
  };

  return {
    async fetch(request, address) {
      try {
        return await answer(request, address);
      } catch (error) {
        if (error instanceof Refusal) {
          const { message, status, headers } = error;
          return Response.json({ error: message }, { status, headers });
        }
        console.error(error);
        return Response.json({ error: "Something went wrong here." }, { status: 500 });
      }
    },
    close: () => directory.close(),
  };
}
