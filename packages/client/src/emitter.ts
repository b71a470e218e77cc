/** Typed events: a map of names to what listeners get. */
export class Emitter<Events extends object> {
  #listeners = new Map<keyof Events, Set<(data: never) => void>>();

  /** Returns how to stop listening. */
  on<Name extends keyof Events>(name: Name, listener: (data: Events[Name]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => void set.delete(listener);
  }

  /** A listener that throws disturbs nobody else: its error is reported as any uncaught one. */
  emit<Name extends keyof Events>(name: Name, data: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])])
      try {
        (listener as (data: Events[Name]) => void)(data);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
  }
}
