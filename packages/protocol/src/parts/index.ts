/** Every shape that several frames share. */

export * from "./chatroom.ts";
export * from "./conversation-state.ts";
export * from "./entry.ts";
export * from "./ids.ts";
export * from "./notice.ts";
