import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresServer } from "../../../server/src/testing/postgres-server.ts";

/**
 * Stops every process of a running PostgreSQL on this machine and returns what lets them go on. Linux only. New
 * processes cannot come once the first one, which makes them, is stopped.
 */
export function pausePostgres(folder: string): () => void {
  const first = Number(readFileSync(join(folder, "postmaster.pid"), "utf8").split("\n")[0]);
  process.kill(first, "SIGSTOP");
  const children = readFileSync(`/proc/${first}/task/${first}/children`, "utf8")
    .trim()
    .split(/\s+/)
    .map(Number);
  const all = [first, ...children.filter((id) => id > 0)];
  const signal = (name: NodeJS.Signals) => {
    for (const id of all) {
      try {
        process.kill(id, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  signal("SIGSTOP");
  return () => signal("SIGCONT");
}

export async function findDataFolder(postgres: PostgresServer): Promise<string> {
  const [row] = await postgres.query("postgres", "show data_directory");
  return String(row?.data_directory);
}
