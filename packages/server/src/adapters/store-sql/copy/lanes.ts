/**
 * Does the work for every item, `count` at a time; items are taken when there is room. After a failure nothing new
 * begins, and it is thrown when what was under way has ended.
 */
export const inLanes = async <Item>(
  count: number,
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const iterator = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const lane = async () => {
    while (failures.length === 0) {
      const next = iterator.next();
      if (next.done) return;
      await work(next.value);
    }
  };
  await Promise.all(Array.from({ length: count }, () => lane().catch((error) => failures.push(error))));
  if (failures.length > 0) throw failures[0];
};
