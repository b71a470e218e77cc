import { type ScreenedWord, WordAutomaton, type WordTree } from "./word-automaton.ts";

/** Folded units. Longer ones can't be told apart in a byte. */
export const longestKey = 255;

/** States made before others get a turn: well under a millisecond. */
const statesATurn = 4096;

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** In pieces: messages go on meanwhile. Ten thousand words take a few hundredths of a second of work. */
export async function buildAutomaton(words: readonly ScreenedWord[]): Promise<WordAutomaton> {
  const sorted = [...words].sort((one, other) => (one.key < other.key ? -1 : 1));
  const tree = await layOut(sorted.map(({ key }) => key));
  const automaton = new WordAutomaton(
    tree,
    sorted.map(({ replaceWith }) => replaceWith),
  );
  const states = tree.unit.length;
  for (let from = 0; from < states; from += statesATurn) {
    automaton.link(from, Math.min(states, from + statesATurn));
    await pause();
  }
  return automaton;
}

/**
 * Words with the same beginning are neighbours in a sorted list: a state is a stretch of it, and its children are the
 * stretches within that have the same next letter. Read in the order they are made, they come out level by level.
 */
async function layOut(keys: readonly string[]): Promise<WordTree> {
  const most = 1 + keys.reduce((sum, key) => sum + key.length, 0);
  const firstChild = new Int32Array(most + 1);
  const unit = new Uint16Array(most);
  const word = new Int32Array(most).fill(-1);
  const depth = new Uint8Array(most);
  const [from, to] = [new Int32Array(most), new Int32Array(most)];
  to[0] = keys.length;
  let states = 1;
  for (let state = 0; state < states; state++) {
    firstChild[state] = states;
    const level = depth[state] as number;
    const end = to[state] as number;
    let at = from[state] as number;
    // The shortest of a stretch comes first: it is the word that ends here.
    if (at < end && (keys[at] as string).length === level) word[state] = at++;
    while (at < end) {
      const first = (keys[at] as string).charCodeAt(level);
      unit[states] = first;
      depth[states] = level + 1;
      from[states] = at;
      while (at < end && (keys[at] as string).charCodeAt(level) === first) at++;
      to[states++] = at;
    }
    if (state % statesATurn === statesATurn - 1) await pause();
  }
  firstChild[states] = states;
  return {
    firstChild: firstChild.slice(0, states + 1),
    unit: unit.slice(0, states),
    word: word.slice(0, states),
    depth: depth.slice(0, states),
  };
}
