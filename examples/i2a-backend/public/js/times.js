// @ts-check
/** Times and days in the words of the person's own language. */

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const fullDay = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });

/** @param {Date} date */
export const dayKey = (date) => date.toDateString();

/** @param {Date} date */
export const clockTime = (date) => clock.format(date);

/** @param {Date} date */
export const dayName = (date) => {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (dayKey(date) === dayKey(today)) return "Today";
  if (dayKey(date) === dayKey(yesterday)) return "Yesterday";
  return (date.getFullYear() === today.getFullYear() ? weekday : fullDay).format(date);
};

/** For the list of rooms: the time today, otherwise the day. @param {Date} date */
export const shortTime = (date) => (dayKey(date) === dayKey(new Date()) ? clock : shortDay).format(date);
