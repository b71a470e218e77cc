import { fileURLToPath } from "node:url";
import { processesBelow } from "../process-tree.ts";

/** What stands behind the nodes of a cluster: a PostgreSQL with an empty database and a NATS, on this machine. */
export interface Backing {
  /** As PARLANCE_STORE and PARLANCE_BUS want them. */
  store: string;
  bus: string;
  /** The port on which NATS tells of itself. */
  monitor: number;
}

export interface RunningBacking extends Backing {
  /** The servers' processes at this moment; PostgreSQL has one a connection. */
  postgresPids(): number[];
  natsPids(): number[];
  /** Bytes and messages that NATS has sent so far, to all nodes together. */
  natsSent(): Promise<{ bytes: number; messages: number }>;
  stop(): Promise<void>;
}

const holder = fileURLToPath(new URL("../testing/backing-servers.ts", import.meta.url));
const START_MILLIS = 90_000;
const STOP_MILLIS = 20_000;
const ANSWER_MILLIS = 10_000;

/** Starts both with the settings they have when nobody says anything, durable commits included. */
export async function startBacking(): Promise<RunningBacking> {
  const ready = Promise.withResolvers<Backing>();
  const child = Bun.spawn({
    cmd: [process.execPath, "--no-env-file", holder],
    stdio: ["ignore", "ignore", "inherit"],
    ipc: (said: Backing) => ready.resolve(said),
    serialization: "json",
  });
  void child.exited.then((code) => ready.reject(new Error(`PostgreSQL and NATS ended with code ${code}`)));
  const late = setTimeout(
    () => ready.reject(new Error(`PostgreSQL and NATS not ready after ${START_MILLIS / 1000} s`)),
    START_MILLIS,
  );
  const stop = async () => {
    // It stops both when nobody listens any more; a signal would leave them behind.
    child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MILLIS);
    await child.exited;
    clearTimeout(timer);
  };
  try {
    const backing = await ready.promise;
    return {
      ...backing,
      postgresPids: () => processesBelow(child.pid, "postgres"),
      natsPids: () => processesBelow(child.pid, "nats-server"),
      async natsSent() {
        const answer = await fetch(`http://127.0.0.1:${backing.monitor}/varz`, {
          signal: AbortSignal.timeout(ANSWER_MILLIS),
        });
        const told = (await answer.json()) as { out_bytes: number; out_msgs: number };
        return { bytes: told.out_bytes, messages: told.out_msgs };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(late);
  }
}
