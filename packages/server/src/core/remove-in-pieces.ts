export interface Removal {
  /** Removes one piece; resolves to how many rows it was. */
  remove(): Promise<number>;
  /** Milliseconds between two pieces, so that sends never wait long behind a removal. */
  pauseWhenBusy: number;
  /** Milliseconds after there was nothing to remove, or it failed; and before the first piece. */
  pauseWhenIdle: number;
  onError(error: unknown): void;
}

/** Removes piece after piece, for as long as the process lives. Returns how to stop. */
export function removeInPieces({ remove, pauseWhenBusy, pauseWhenIdle, onError }: Removal): () => void {
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const work = async () => {
    let removed = 0;
    try {
      removed = await remove();
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
