// @ts-check
/** Sign in as anyone. */
import { ApiError, api } from "../api.js";
import { byId, make } from "../element.js";

/** @typedef {import("../types.d.ts").Person} Person */

/** @param {(me: Person) => void} onSignedIn */
export const openLogin = (onSignedIn) => {
  const form = byId("login-form", "form");
  const name = byId("login-name", "input");
  const error = byId("login-error");

  /** @param {string} who */
  const signIn = async (who) => {
    error.textContent = "";
    for (const button of form.querySelectorAll("button")) button.disabled = true;
    try {
      onSignedIn(await api.login(who));
      name.value = "";
    } catch (problem) {
      error.textContent = problem instanceof ApiError ? problem.message : "Something went wrong.";
      name.focus();
    } finally {
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (name.value.trim() !== "") signIn(name.value);
  });

  const suggest = async () => {
    const names = await api.suggestions().catch(() => []);
    byId("suggestions").replaceChildren(
      ...names.map((who) =>
        make("button", { type: "button", className: "primary", onclick: () => signIn(who) }, `I am ${who}`),
      ),
    );
  };
  suggest();
};
