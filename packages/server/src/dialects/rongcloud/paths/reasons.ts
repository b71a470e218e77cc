/** Why some paths are not answered, and how some answers differ. The rest is what the rows say. */

/** The first that fits holds; each has to fit a path that no row answers. */
export const notOffered: readonly { paths: RegExp; why: string }[] = [
  {
    paths: /^\/(v2\/)?(message\/)?ultragroups?\/|^\/v2\/ultragroups$|^\/(v3\/)?message\/ultragroup\//,
    why: "Ultra groups come in a later version.",
  },
  {
    paths: /^\/chatroom\/join\.json$/,
    why: "Of 2016 and gone from the documents: clients join by themselves.",
  },
  {
    paths: /^\/chatroom\/|^\/message\/chatroom\//,
    why: "Chatrooms are there for clients; their calls of this API come in a later version.",
  },
  { paths: /^\/v3\/(bot|agent|chat)\//, why: "Bots and agents are services of the vendor's own." },
  { paths: /^\/stat\//, why: "What these answer is not documented; /metrics has numbers for operators." },
  {
    paths: /^\/(sendCode|verifyCode|getImgCode|send)\.json$/,
    why: "Text messages to telephones were another service, which its vendor has closed.",
  },
  { paths: /^\/message\/discussion\//, why: "Discussions are gone from RongCloud as well: use groups." },
];

/** Rows that do nothing but say, with a better code than 404, that there is no such service. */
export const refusingRows: ReadonlySet<string> = new Set(["/message/discussion/publish.json"]);

/** By the path of the row: what a caller may notice. */
export const differences: Readonly<Record<string, string>> = {};
