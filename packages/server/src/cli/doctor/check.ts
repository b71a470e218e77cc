/** What a check of `parlance doctor` finds. */

export type Verdict = "ok" | "warn" | "fail";

export interface Finding {
  verdict: Verdict;
  /** What was seen, with its number and unit. */
  text: string;
  /** What to do about it; absent when there is nothing to do. */
  advice?: string;
}

export const ok = (text: string): Finding => ({ verdict: "ok", text });
export const warn = (text: string, advice: string): Finding => ({ verdict: "warn", text, advice });
export const fail = (text: string, advice: string): Finding => ({ verdict: "fail", text, advice });
