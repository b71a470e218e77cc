/**
 * Which parts of which types of messages are words to people, and looked through. Types that apps invent are theirs: what
 * their fields mean, nobody knows here. Names of files, addresses and `extra` are left alone.
 */
export const screenedTexts: Readonly<Record<string, readonly string[]>> = {
  text: ["text"],
  quote: ["text"],
  stream: ["text"],
  card: ["title", "text"],
  location: ["name"],
  combine: ["summaries"],
  infoNotice: ["text"],
  contactNotice: ["text"],
};
