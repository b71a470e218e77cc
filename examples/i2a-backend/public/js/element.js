// @ts-check
/** Finding and making elements. Text only ever becomes text nodes: nothing a person writes can become markup. */

/**
 * The element with that id, which index.html is known to have.
 *
 * @template {keyof HTMLElementTagNameMap} [Tag="div"]
 * @param {string} id @param {Tag} [_tag] only tells the type
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const byId = (id, _tag) => {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return /** @type {HTMLElementTagNameMap[Tag]} */ (found);
};

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Record<string, unknown>} [properties] @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-")) element.setAttribute(name, String(value));
    else Object.assign(element, { [name]: value });
  }
  element.append(...children);
  return element;
};

/** @param {string} name of a symbol in index.html */
export const icon = (name) => {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  svg.append(use);
  return svg;
};

/** @param {HTMLElement} element @param {{ initials: string, hue: number }} person */
export const dressAvatar = (element, { initials, hue }) => {
  element.textContent = initials;
  element.style.setProperty("--hue", String(hue));
  return element;
};

/** @param {{ initials: string, hue: number }} person @param {string} [className] */
export const avatar = (person, className = "avatar") =>
  dressAvatar(make("span", { className, "aria-hidden": "true" }), person);

/** Sets text only when it differs, so that screen readers hear a change once. @param {Element} element @param {string} text */
export const setText = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

/** Makes the children exactly these, moving no element that is in place already. @param {Element} parent @param {Element[]} children */
export const setChildren = (parent, children) => {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
};
