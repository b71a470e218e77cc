import type { Language } from "./language.ts";

const locales: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };
const formats = new Map<string, Intl.DateTimeFormat>();

/** Times are whole microseconds. */
function format(sentAt: number, language: Language, options: Intl.DateTimeFormatOptions): string {
  const key = language + JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locales[language], options);
  formats.set(key, known);
  return known.format(sentAt / 1000);
}

export const isSameDay = (one: number, other: number): boolean =>
  new Date(one / 1000).toDateString() === new Date(other / 1000).toDateString();

export const clock = (sentAt: number, language: Language): string =>
  format(sentAt, language, { hour: "2-digit", minute: "2-digit" });

export const day = (sentAt: number, language: Language): string =>
  format(sentAt, language, { weekday: "long", day: "numeric", month: "long", year: "numeric" });

/** For the list: the time today, the date before. */
export const short = (sentAt: number, language: Language): string =>
  isSameDay(sentAt, Date.now() * 1000)
    ? clock(sentAt, language)
    : format(sentAt, language, { day: "numeric", month: "short" });
