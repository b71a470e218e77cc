import { expect, test } from "bun:test";
import { processesBelow } from "./process-tree.ts";

test("finds children of children by their name, and nobody else's", async () => {
  const shell = Bun.spawn({
    cmd: ["sh", "-c", "sh -c 'sleep 60; :' ; :"],
    stdio: ["ignore", "ignore", "ignore"],
  });
  try {
    let found: number[] = [];
    for (
      const deadline = Date.now() + 20_000;
      found.length === 0 && Date.now() < deadline;
      await Bun.sleep(5)
    )
      found = processesBelow(process.pid, "sleep");
    expect(found).toHaveLength(1);
    expect(processesBelow(shell.pid, "sleep")).toEqual(found);
    expect(processesBelow(found[0] as number, "sleep")).toEqual([]);
    for (const pid of found) process.kill(pid, "SIGKILL");
  } finally {
    shell.kill("SIGKILL");
    await shell.exited;
  }
});
