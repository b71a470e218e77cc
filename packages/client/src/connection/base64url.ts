const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The UTF-8 of a text, without padding. Written out: not every runtime has `btoa`, or a `TextEncoder`. */
export function base64url(text: string): string {
  const bytes = utf8(text);
  let result = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.slice(at, at + 3);
    const group = (one << 16) | (two << 8) | three;
    const length = Math.min(bytes.length - at, 3) + 1;
    for (let letter = 0; letter < length; letter++) result += letters[(group >> (18 - 6 * letter)) & 63];
  }
  return result;
}

/** Half a surrogate pair becomes U+FFFD, as everywhere. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text) {
    const found = character.codePointAt(0) as number;
    const code = found >= 0xd800 && found < 0xe000 ? 0xfffd : found;
    const following = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    const mark = [0, 0xc0, 0xe0, 0xf0][following] as number;
    bytes.push(mark | (code >> (6 * following)));
    for (let left = following - 1; left >= 0; left--) bytes.push(0x80 | ((code >> (6 * left)) & 0x3f));
  }
  return bytes;
}
