import { parentPort } from "node:worker_threads";
import { describeFailure } from "./failures.ts";
import type { Call, Opening, Reply } from "./wire.ts";

/** What a database thread does with its batches, one at a time. */
export interface Service {
  run(calls: Call[]): Promise<Reply>;
  close(): void;
}

export const CLOSE = "close";
export const CLOSED = "closed";

/** The life of a database thread: say whether it could open, answer batches in their order, close when told. */
export const serve = async (open: () => Promise<Service>): Promise<void> => {
  if (parentPort === null) throw new Error("This file runs in a worker thread.");
  const port = parentPort;
  const say = (opening: Opening) => port.postMessage(JSON.stringify(opening));
  let service: Service;
  try {
    service = await open();
  } catch (error) {
    say({ isOpen: false, sentence: describeFailure(error) });
    return;
  }
  let last = Promise.resolve();
  port.on("message", (text: string) => {
    last = last.then(async () => {
      if (text === CLOSE) {
        service.close();
        port.postMessage(CLOSED);
      } else {
        port.postMessage(JSON.stringify(await service.run(JSON.parse(text) as Call[])));
      }
    });
  });
  say({ isOpen: true });
};
