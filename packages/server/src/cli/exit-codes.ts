/** What the shell is told. Scripts may rely on these. */
export const exitCodes = { fine: 0, failed: 1, usage: 2 } as const;

/** The command was called in a way that makes no sense; its message is the whole explanation. */
export class UsageError extends Error {}

/** The command made sense and did not succeed; its message is the whole explanation. */
export class CommandFailed extends Error {}
