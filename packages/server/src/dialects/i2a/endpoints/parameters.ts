import Type from "typebox";

/** Parameters that several calls share. Ids are whatever the back end chose, without control characters. */

const idPattern = "^[^\\u0000-\\u001f\\u007f]+$";

export const userIdentifier = Type.String({
  minLength: 1,
  maxLength: 255,
  pattern: idPattern,
  description:
    "Your own id of the user: a primary key, a GUID. Its `:APP` suffix from the socket may stay on.",
});

export const userIdentifiers = Type.Array(userIdentifier, {
  minItems: 1,
  description: "Your own ids of the users; repeats count once. As a form: the key repeated.",
});

export const roomIdentifier = Type.String({
  minLength: 1,
  maxLength: 400,
  description: "The identifier that creating the chat room returned.",
});

/** Digits, because a number of 19 digits doesn't survive every JSON library. */
export const messageTime = Type.String({
  format: "nanoseconds",
  description: "The message's id: its time in nanoseconds, as a number or as digits.",
});

export const roomResult = Type.Object({ identifier: Type.String() });

export const exampleRoom = "3f0c8a52-7a51-4b8e-9d0e-1f4f5f1f2a77:demo";
export const exampleTime = "1763769600123456000";
