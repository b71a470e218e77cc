import Type from "typebox";
import type { Core } from "../../../../core/core.ts";
import {
  addWords,
  listWords,
  longestWord,
  type NewWord,
  removeWords,
} from "../../../../core/moderation/sensitive-words.ts";
import { ParlanceError } from "../../../../errors.ts";
import type { SensitiveWord } from "../../../../ports/store-words.ts";
import { type RongcloudRow, row } from "../../endpoint.ts";
import { choice, jsonText, optional, text, texts } from "../../params.ts";
import { RongcloudRefusal } from "../../refusal.ts";

const wordsPerCall = 50;

const word = text({
  maxLength: longestWord,
  description: "As people write it; width and case don't matter.",
});
const replaceWord = {
  maxLength: longestWord,
  description: "What takes its place; absent or empty: a message that holds the word reaches nobody.",
};

const toWord = (given: { word: string; replaceWord?: string | null | undefined }): NewWord => ({
  word: given.word,
  replaceWith: given.replaceWord || null,
});

async function add(core: Core, words: readonly NewWord[]): Promise<void> {
  await addWords(core, words).catch((error) => {
    if (!(error instanceof ParlanceError) || error.code !== "tooManyWords") throw error;
    throw new RongcloudRefusal(1002, error.message, { remainQuota: error.details.left });
  });
}

const toListed = ({ word, replaceWith }: SensitiveWord) => ({
  word,
  replaceWord: replaceWith ?? "",
  type: replaceWith === null ? "1" : "0",
});

const which = { 0: "replace", 1: "block", 2: "all" } as const;

const effect = [
  "Words hold within a second or two, on every node, for what clients send and modify: texts, quotes, captions of cards, places and merged messages, in conversations of every kind.",
  "A word counts wherever it stands, also within another word. Width, case, invisible characters and marks that strike letters out make no difference.",
  "Messages of the Server API are let through unless the app's setting filterServerMessages is on.",
];

export const sensitiveWordRows: readonly RongcloudRow[] = [
  row({
    path: "/sensitiveword/add.json",
    aliases: ["/wordfilter/add.json"],
    summary: "Add a sensitive word, or change what takes its place.",
    notes: [
      ...effect,
      "Blocked: nobody gets the message, and its sender is told. Replaced: others get the changed text, which is what is stored; its sender goes on seeing their own.",
      "How many words an app may have is its setting sensitiveWords, 10,000 by default; the answer to who wants more has remainQuota.",
    ],
    params: { word, replaceWord: optional(text(replaceWord)) },
    example: { params: { word: "money", replaceWord: "***" } },
    run: (core, params) => add(core, [toWord(params)]),
  }),
  row({
    path: "/sensitiveword/batch/add.json",
    summary: "Add many sensitive words, all or none.",
    notes: ["When there would be too many, none is added, and remainQuota says how many more there may be."],
    params: {
      words: jsonText(
        Type.Array(
          Type.Object({
            word,
            replaceWord: optional(Type.Union([Type.String(replaceWord), Type.Null()])),
          }),
          { minItems: 1, maxItems: wordsPerCall },
        ),
      ),
    },
    example: { params: { words: [{ word: "money", replaceWord: "***" }, { word: "casino" }] } },
    run: (core, { words }) => add(core, words.map(toWord)),
  }),
  row({
    path: "/sensitiveword/delete.json",
    aliases: ["/wordfilter/delete.json"],
    summary: "Remove a sensitive word.",
    notes: ["A word that isn't there is no error."],
    params: { word },
    example: { params: { word: "money" } },
    run: (core, params) => removeWords(core, [params.word]),
  }),
  row({
    path: "/sensitiveword/batch/delete.json",
    summary: "Remove many sensitive words.",
    params: { words: texts({ max: wordsPerCall, maxLength: longestWord }) },
    example: { params: { words: ["money", "casino"] } },
    run: (core, { words }) => removeWords(core, words),
  }),
  row({
    path: "/sensitiveword/list.json",
    aliases: ["/wordfilter/list.json"],
    summary: "List the sensitive words.",
    params: {
      type: optional(choice([0, 1, 2], { description: "0: replaced; 1: blocked, the default; 2: all." })),
    },
    result: {
      words: Type.Array(
        Type.Object({
          word: Type.String(),
          replaceWord: Type.String({ description: "Empty for a word that blocks." }),
          type: Type.String({ description: '"0": replaced; "1": blocked.' }),
        }),
      ),
    },
    example: {
      params: { type: 2 },
      result: { words: [{ word: "money", replaceWord: "***", type: "0" }] },
    },
    run: async (core, { type = 1 }) => ({ words: (await listWords(core, which[type])).map(toListed) }),
  }),
];
