/**
 * The launcher holds the other end of a pipe. When the launcher dies, however that came, the pipe closes and this
 * process goes at once, as if the signal had been its own: nothing acknowledged can be lost by that.
 */

import { createReadStream } from "node:fs";

export const watchLifeline = (): void => {
  const fd = Number(process.env.PARLANCE_LIFELINE_FD);
  if (!Number.isInteger(fd) || fd < 3) return;
  const leave = () => process.exit(137);
  createReadStream("", { fd, autoClose: false }).on("end", leave).on("error", leave).resume();
};

/** Our environment for processes of our own: the pipe is not theirs. */
export const environmentBelow = (): NodeJS.ProcessEnv => {
  const { PARLANCE_LIFELINE_FD: _, ...rest } = process.env;
  return rest;
};
