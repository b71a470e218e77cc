import { createHash } from "node:crypto";

/** What NATS takes as it is: words with dots between them, short enough for its line limit. */
const plain = /^(?=.{1,200}$)[\w-]+(\.[\w-]+)*$/;

/**
 * A subject of ours as NATS has it. Spaces, wildcards and the like would be another subject there, or break its
 * line protocol, so such names travel as their hash; the % keeps those apart from every plain name.
 */
export const wireSubject = (prefix: string, subject: string): string =>
  `${prefix}.${plain.test(subject) ? subject : `%${createHash("sha256").update(subject).digest("hex")}`}`;
