// @ts-check
/** Parlance ends a connection that sends more than 300 frames a minute; this stays below: 100 at once, then 3 a second. */

const burst = 100;
const perSecond = 3;

/** @param {(frame: string) => void} send */
export const paceFrames = (send) => {
  /** @type {string[]} */
  const queue = [];
  let tokens = burst;
  let at = Date.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  const drain = () => {
    timer = undefined;
    const now = Date.now();
    tokens = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond);
    at = now;
    while (tokens >= 1 && queue.length > 0) {
      tokens -= 1;
      send(/** @type {string} */ (queue.shift()));
    }
    if (queue.length > 0) timer = setTimeout(drain, 1_000 / perSecond);
  };

  return {
    /** @param {string} frame */
    push(frame) {
      queue.push(frame);
      if (timer === undefined) drain();
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      queue.length = 0;
    },
  };
};
