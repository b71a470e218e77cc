const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** The UTF-8 of a text, without padding; not every runtime has `btoa`. */
export function base64url(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let result = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [one = 0, two = 0, three = 0] = bytes.subarray(at, at + 3);
    const group = (one << 16) | (two << 8) | three;
    const length = Math.min(bytes.length - at, 3) + 1;
    for (let letter = 0; letter < length; letter++) result += letters[(group >> (18 - 6 * letter)) & 63];
  }
  return result;
}
