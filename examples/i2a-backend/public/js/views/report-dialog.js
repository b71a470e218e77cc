// @ts-check
/** Reports a message through our own back end, which knows who is reporting. */
import { api } from "../api.js";
import { byId } from "../element.js";
import { prepareDialog } from "./dialog.js";

/**
 * @typedef {import("../types.d.ts").Message} Message
 * @typedef {import("../types.d.ts").RoomState} RoomState
 */

/** @param {(text: string) => void} notify */
export const openReportDialog = (notify) => {
  const element = byId("report-dialog", "dialog");
  const dialog = prepareDialog(element);
  const comment = byId("report-comment", "input");
  /** @type {{ room: RoomState, message: Message }} */
  let about;

  element.addEventListener("submit", async (event) => {
    event.preventDefault();
    const chosen = element.querySelector("input[name=reason]:checked");
    const reason = Number(/** @type {HTMLInputElement} */ (chosen).value);
    const { room, message } = about;
    if (!(await dialog.attempt(() => api.report(room.info.id, message.id, reason, comment.value)))) return;
    element.close();
    notify("Thank you. The message was reported.");
  });

  return (/** @type {RoomState} */ room, /** @type {Message} */ message) => {
    about = { room, message };
    byId("report-quote").textContent = message.text.slice(0, 500);
    comment.value = "";
    dialog.open();
  };
};
