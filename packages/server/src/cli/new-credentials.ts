import { randomInt, randomUUID } from "node:crypto";

const letters = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Twelve lower-case letters and digits: short enough to read out, 62 bits against meeting another by chance. */
export const newAppKey = (): string =>
  Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join("");

/** A GUID, the shape that back ends written for I2A expect. 122 random bits. */
export const newAppSecret = (): string => randomUUID();
