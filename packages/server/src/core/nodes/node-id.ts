import { randomBytes } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyz234567";
/** 60 random bits: two nodes of a deployment never share one, and a person can read it out. */
const length = 12;

/** Names one run of a server: a node that starts again is another node. Fit for a part of a bus subject. */
export function createNodeId(): string {
  let id = "";
  for (const byte of randomBytes(length)) id += letters[byte % letters.length];
  return id;
}
