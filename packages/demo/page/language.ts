/** What the page says, in English and Chinese. */

import { createContext, use } from "react";
import { chinese } from "./language-chinese.ts";
import { english } from "./language-english.ts";

export type Words = typeof english;
export const languages = { en: english, zh: chinese } satisfies Record<string, Words>;
export type Language = keyof typeof languages;

const storageKey = "parlance-demo:language";

/** What was chosen here, or else what the browser prefers. */
export function initialLanguage(): Language {
  const wanted = localStorage.getItem(storageKey) ?? navigator.language;
  return wanted.startsWith("zh") ? "zh" : "en";
}

export function keepLanguage(language: Language): void {
  localStorage.setItem(storageKey, language);
}

export const LanguageContext = createContext<Language>("en");
export const useLanguage = (): Language => use(LanguageContext);
export const useWords = (): Words => languages[useLanguage()];
