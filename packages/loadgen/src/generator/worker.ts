import { dialects } from "../dialects/table.ts";
import type { Command, Reply, Request } from "./commands.ts";
import { Crowd } from "./crowd.ts";
import { runClosedLoop, runOpenLoop } from "./loops.ts";
import { fillRooms, type Reader, runMarks } from "./marks.ts";
import { runOutage } from "./outage.ts";

/** One generator process: does what the main process asks, and ends when that process does. */

let crowd: Crowd | null = null;
let readers: Reader[] = [];

const theCrowd = (): Crowd => {
  if (crowd === null) throw new Error("connect first");
  return crowd;
};

async function obey(command: Command): Promise<unknown> {
  switch (command.do) {
    case "connect":
      crowd = new Crowd(dialects[command.dialect]);
      return { seconds: await crowd.connect(command.seats, command.width) };
    case "closed":
      return runClosedLoop(theCrowd(), command);
    case "open":
      return runOpenLoop(theCrowd(), command);
    case "fill":
      readers = await fillRooms(theCrowd(), command);
      return null;
    case "marks":
      return runMarks(theCrowd(), readers, command);
    case "outage":
      return runOutage(theCrowd(), command);
    case "count":
      return theCrowd().count();
    case "close":
      theCrowd().close();
      return null;
  }
}

const reply = (message: Reply) => process.send?.(message);

process.on("message", ({ id, command }: Request) => {
  obey(command).then(
    (result) => reply({ id, result }),
    (error: Error) => reply({ id, error: error.message }),
  );
});
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {}); // Ctrl-C reaches the whole group; the main process decides the order of ending.
