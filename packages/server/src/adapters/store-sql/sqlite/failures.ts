/** SQLite's result codes: which of them concern the whole database, and what a person is told. */

const table: Record<number, { sentence: string }> = {
  5: { sentence: "another process holds its lock" },
  7: { sentence: "there is not enough memory" },
  8: { sentence: "the file or its folder is read-only" },
  10: { sentence: "the disk reports an error" },
  11: { sentence: "the file is damaged; restore a backup" },
  13: { sentence: "the disk is full, or the size limit is reached" },
  14: { sentence: "the file cannot be opened; see that its folder exists and may be written" },
  15: { sentence: "the locking protocol failed" },
  26: { sentence: "the file is not a SQLite database, or it is damaged" },
};

/** What creating a file may run into before SQLite sees it. */
const fileErrors: Record<string, string> = {
  ENOENT: "the folder does not exist",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder",
  EACCES: "the folder may not be written to",
  EPERM: "the folder may not be written to",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/** The primary result code; the low byte of an extended one. Undefined when SQLite did not throw it. */
const primaryCode = (error: unknown): number | undefined => {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
};

/** True when the database as a whole refuses, so that nothing of the transaction can stand. */
export const isDatabaseFailure = (error: unknown): boolean => {
  const code = primaryCode(error);
  return code !== undefined && Object.hasOwn(table, code);
};

/** For logs and for the person at the terminal: what is wrong in words, and SQLite's own message. */
export const describeFailure = (error: unknown): string => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const sentence = table[primaryCode(error) ?? -1]?.sentence ?? fileErrors[code];
  return sentence === undefined ? message : `${sentence} (${message})`;
};
