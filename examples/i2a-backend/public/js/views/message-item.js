// @ts-check
/** The elements of the log: a message, one on its way, a system message, a day, who has read. */
import { avatar, icon, make, setText } from "../element.js";
import { toDate } from "../ids.js";
import { clockTime } from "../times.js";

/**
 * @typedef {import("../types.d.ts").Message} Message
 * @typedef {import("../types.d.ts").Outgoing} Outgoing
 */

/** @param {string} text @param {...Node} rest */
const bubble = (text, ...rest) =>
  make("div", { className: "bubble" }, make("span", { className: "words" }, text), ...rest);

/** @param {Message} message */
const timeOf = (message) => {
  const date = toDate(message.id);
  return make("time", { dateTime: date.toISOString() }, clockTime(date));
};

/** @param {string} name */
export const dayItem = (name) => make("li", { className: "day" }, name);

/** @param {Message} message */
export const systemItem = (message) =>
  make(
    "li",
    { className: "system", title: clockTime(toDate(message.id)), "data-id": message.id },
    message.text,
  );

/** `isFirst`: the author hasn't just written another. @param {Message} message @param {boolean} isFirst */
export const ownItem = (message, isFirst) =>
  make(
    "li",
    { className: `message own${isFirst ? " first" : ""}`, "data-id": message.id },
    bubble(message.text, timeOf(message)),
  );

/** @param {Message} message @param {boolean} isFirst @param {(message: Message) => void} onReport */
export const otherItem = (message, isFirst, onReport) => {
  const report = make(
    "button",
    {
      className: "icon report",
      onclick: () => onReport(message),
      "aria-label": `Report this message by ${message.name}`,
      title: "Report",
    },
    icon("flag"),
  );
  const item = make("li", { className: `message${isFirst ? " first" : ""}`, "data-id": message.id });
  item.style.setProperty("--hue", String(message.hue));
  // Grouped messages look as if they had no author; whoever listens still hears one.
  if (isFirst)
    item.append(avatar(message, "avatar small"), make("span", { className: "author" }, message.name));
  else item.append(make("span", { className: "author unseen" }, message.name));
  item.append(bubble(message.text, timeOf(message)), report);
  return item;
};

/** @param {Outgoing} outgoing @param {{ onRetry: (id: string) => void, onDiscard: (id: string) => void }} actions */
export const outgoingItem = ({ localId, text }, { onRetry, onDiscard }) => {
  const state = make("span", { className: "state" });
  const after = make(
    "div",
    { className: "after" },
    "Not sent.",
    make("button", { onclick: () => onRetry(localId) }, "Try again"),
    make("button", { onclick: () => onDiscard(localId) }, "Discard"),
  );
  const item = make("li", { className: "message own first" }, bubble(text, state), after);
  return {
    item,
    /** @param {Outgoing} outgoing @param {boolean} isConnected */
    update(outgoing, isConnected) {
      item.classList.toggle("pending", outgoing.state !== "failed");
      item.classList.toggle("failed", outgoing.state === "failed");
      after.hidden = outgoing.state !== "failed";
      state.hidden = outgoing.state === "failed";
      setText(state, isConnected ? "Sending…" : "Waiting");
    },
  };
};

/** @param {string[]} names */
export const readByText = (names) => {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `Read by ${shown} and ${names.length - 3} more` : `Read by ${shown}`;
};
