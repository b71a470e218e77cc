import { spawn } from "node:child_process";
import { once } from "node:events";
import { startPatience } from "../../packages/server/src/testing/until.ts";

/** Runs a program to its end and returns what it printed; throws with all it said when it fails, or doesn't end. */
export async function outputOf(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let complaints = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (complaints += data));
  const timer = setTimeout(() => child.kill("SIGKILL"), startPatience);
  const [code, signal] = await once(child, "close");
  clearTimeout(timer);
  if (code !== 0)
    throw new Error(`${command} ${args.join(" ")} ended with ${code ?? signal}:\n${output}${complaints}`);
  return output;
}
