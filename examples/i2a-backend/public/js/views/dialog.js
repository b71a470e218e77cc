// @ts-check
/** What all dialogs share: closing, and doing something that may be refused. */
import { ApiError } from "../api.js";

/** @param {HTMLDialogElement} dialog */
export const prepareDialog = (dialog) => {
  const error = /** @type {HTMLElement} */ (dialog.querySelector(".error"));
  for (const button of dialog.querySelectorAll("[data-close]"))
    button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());

  return {
    open() {
      error.textContent = "";
      dialog.showModal();
    },
    /** Runs it once at a time, and shows why it was refused. True: it worked. @param {() => Promise<unknown>} work */
    async attempt(work) {
      error.textContent = "";
      const buttons = [...dialog.querySelectorAll("button")].filter((button) => !button.disabled);
      for (const button of buttons) button.disabled = true;
      try {
        await work();
        return true;
      } catch (problem) {
        error.textContent = problem instanceof ApiError ? problem.message : "Something went wrong.";
        return false;
      } finally {
        for (const button of buttons) button.disabled = false;
      }
    },
  };
};
