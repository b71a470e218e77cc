/**
 * Text as words are looked for in it: in one width and one case, without what can't be seen. `ＢａＤ`, `b\u200Bad` and
 * `b̶a̶d̶` all read `bad`. Each folded unit remembers which stretch of the text it came from, so that what is found can be
 * replaced there. Marks that make another letter stay (`é`, `が`), and so do the signs of scripts that write vowels with them.
 */

/** A view of memory that the next call uses again. */
export interface FoldedText {
  /** UTF-16. */
  units: Uint16Array;
  length: number;
  /** Where in the text the unit's stretch begins, and where it ends. */
  starts: Int32Array;
  ends: Int32Array;
}

const unseen = /\p{Default_Ignorable_Code_Point}/u;
const everyUnseen = /\p{Default_Ignorable_Code_Point}+/gu;
/** Strokes, rings and dots over any letter; what belongs to a letter was put together with it before. */
const everyHidingMark = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g;
/** Marks, and the vowels and finals of Hangul written apart. */
const joining = /^[\p{M}\u1160-\u11ff]/u;

/** A letter and what hangs on it. Folding upwards first makes one of letters that have several small forms. */
const foldCluster = (cluster: string): string =>
  cluster
    .replace(everyUnseen, "")
    .normalize("NFKC")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC")
    .replace(everyHidingMark, "");

/** What a unit is, learnt when it is first met. */
const [plain, hidden, joined, special] = [1, 2, 3, 4];
const kinds = new Uint8Array(65_536);
const folds = new Uint16Array(65_536);

const learn = (unit: number): number => {
  const character = String.fromCharCode(unit);
  const folded = foldCluster(character);
  let kind = special;
  if (unit >= 0xd800 && unit < 0xe000) kind = special;
  else if (unseen.test(character)) kind = hidden;
  else if (joining.test(character.normalize("NFKD"))) kind = joined;
  else if (folded.length === 1) {
    kind = plain;
    folds[unit] = folded.charCodeAt(0);
  }
  kinds[unit] = kind;
  return kind;
};

const kindAt = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  return kinds[unit] || learn(unit);
};

/** A run of marks is cut there: normalising is slow for long ones, and nobody writes such. */
const longestCluster = 32;

const endOfCluster = (text: string, from: number): number => {
  let end = from + ((text.codePointAt(from) as number) > 0xffff ? 2 : 1);
  while (end < text.length && end - from < longestCluster) {
    const kind = kindAt(text, end);
    if (kind === hidden || kind === joined) end++;
    else if (kind === special && isJoiningPair(text, end)) end += 2;
    else break;
  }
  return end;
};

const isJoiningPair = (text: string, at: number): boolean => {
  const code = text.codePointAt(at) as number;
  if (code <= 0xffff) return false;
  const character = String.fromCodePoint(code);
  return unseen.test(character) || joining.test(character);
};

const enough = 4096;
const memory = (size: number): FoldedText => ({
  units: new Uint16Array(size),
  length: 0,
  starts: new Int32Array(size),
  ends: new Int32Array(size),
});
let usual = memory(enough);

/** Of one cluster; a single character may become eighteen. */
const mostUnits = longestCluster * 18;

/** Good until the next call. */
export function foldText(text: string): FoldedText {
  let out = usual;
  // Most texts stay as long as they are.
  if (text.length + mostUnits > out.units.length) out = memory(text.length + mostUnits);
  out.length = 0;
  const { length } = text;
  for (let at = 0; at < length; ) {
    const unit = text.charCodeAt(at);
    const kind = kinds[unit] || learn(unit);
    if (kind === hidden) {
      at++;
      continue;
    }
    const next = at + 1 < length ? kindAt(text, at + 1) : plain;
    if (kind === plain && next === plain) {
      out.units[out.length] = folds[unit] as number;
      out.starts[out.length] = at;
      out.ends[out.length++] = ++at;
      continue;
    }
    const end = endOfCluster(text, at);
    const folded = kind === plain && end === at + 1 ? null : foldCluster(text.slice(at, end));
    out = withRoom(out, (folded?.length ?? 1) + length - end);
    if (folded === null) put(out, folds[unit] as number, at, end);
    else for (let index = 0; index < folded.length; index++) put(out, folded.charCodeAt(index), at, end);
    at = end;
  }
  if (out.units.length <= 16 * enough) usual = out;
  return out;
}

const put = (out: FoldedText, unit: number, start: number, end: number): void => {
  out.units[out.length] = unit;
  out.starts[out.length] = start;
  out.ends[out.length++] = end;
};

const withRoom = (out: FoldedText, more: number): FoldedText => {
  const needed = out.length + more;
  if (needed <= out.units.length) return out;
  const larger = memory(needed * 2);
  larger.length = out.length;
  larger.units.set(out.units);
  larger.starts.set(out.starts);
  larger.ends.set(out.ends);
  return larger;
};

/** The whole text, folded: a word's key. Two words with the same key are the same word. */
export function foldWord(word: string): string {
  const { units, length } = foldText(word);
  return String.fromCharCode(...units.subarray(0, length));
}
