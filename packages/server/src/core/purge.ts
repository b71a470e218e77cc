import type { Store } from "../ports/store.ts";

const rowsAtOnce = 500;
const pauseWhenIdle = 10_000;
/** Between two pieces, so that sends never wait long behind a removal. */
const pauseWhenBusy = 20;

/** Removes what deleted conversations and apps left behind, in small pieces. Returns how to stop. */
export function startPurge(store: Store, onError: (error: unknown) => void): () => void {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const work = async () => {
    let removed = 0;
    try {
      removed = await store.apps.purge(rowsAtOnce);
    } catch (error) {
      onError(error);
    }
    if (!isStopped) timer = setTimeout(work, removed > 0 ? pauseWhenBusy : pauseWhenIdle);
  };
  timer = setTimeout(work, pauseWhenIdle);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
