/** What is kept of one group besides its members, in one place. */

/** Of an id; the app chose it. */
export const groupIdLength = 64;
/** Users who are muted in one group by name, and who are exempt from its mute: more than most groups have members. */
export const mutedInOneGroup = 10_000;
export const exemptInOneGroup = 10_000;
/** Groups of one user that are answered at once. */
export const groupsAtOnce = 5000;
