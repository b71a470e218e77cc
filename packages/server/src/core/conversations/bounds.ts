/** What one user may ask for, set and keep, in one place. */

/** Conversations, or readers, of one page. */
export const pageLimit = 100;
/** Counts of unread messages and mentions stop here: mentions are counted one by one. */
export const countCap = 1000;
export const draftBytes = 4096;
export const tagsPerUser = 20;
/** Code points. */
export const tagNameLength = 15;
export const tagIdLength = 64;
/** Messages of one conversation that one user hid one by one; who hides more clears the history. */
export const ownDeletions = 1000;
export const ownDeletionsPerCall = 100;

export const boundPage = (limit: number): number => Math.max(1, Math.min(pageLimit, limit));
