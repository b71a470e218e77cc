/** Where on the screen what is read stands, so that it can be put there again after the rows around it changed. */

export interface ReadingPlace {
  element: Element;
  top: number;
}

/**
 * All that is in view, by what stays the same whatever comes before it: not days and authors, which a message loses to
 * one that comes above it. More than one, since any may be taken back or hidden.
 */
export function readingPlaces(log: HTMLElement): ReadingPlace[] {
  const { top: edge, bottom } = log.getBoundingClientRect();
  const elements = log.querySelectorAll("[data-place]");
  // By halves: there may be hundreds.
  let [low, high] = [0, elements.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((elements[middle] as Element).getBoundingClientRect().bottom <= edge) low = middle + 1;
    else high = middle;
  }
  const places: ReadingPlace[] = [];
  for (let index = low; index < elements.length; index++) {
    const element = elements[index] as Element;
    const { top } = element.getBoundingClientRect();
    if (top >= bottom) break;
    places.push({ element, top: top - edge });
  }
  return places;
}

/** Scrolls so that the first of them that is still there stands where it stood. */
export function putBack(log: HTMLElement, places: readonly ReadingPlace[]): void {
  const kept = places.find(({ element }) => element.isConnected);
  if (!kept) return;
  const moved = kept.element.getBoundingClientRect().top - log.getBoundingClientRect().top - kept.top;
  // To set it, even to what it is, ends a movement that is going on.
  if (Math.abs(moved) >= 0.5) log.scrollTop += moved;
}
