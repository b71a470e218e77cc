const LARGEST = 512;

/**
 * Splits ids into lists for `IN (…)` and `VALUES (…)`, each of at most 512 without repeats, and fills each up to a power
 * of two by repeating its last id. Databases prepare and cache statements by their text: so there are ten texts at most
 * and not one for every length. Callers must bear a repeated id (`IN` and `ON CONFLICT DO NOTHING` do).
 */
export const idLists = <T extends string | number>(ids: readonly T[]): T[][] => {
  const distinct = [...new Set(ids)];
  const lists: T[][] = [];
  for (let from = 0; from < distinct.length; from += LARGEST) {
    const list = distinct.slice(from, from + LARGEST);
    const last = list.at(-1) as T;
    const size = 2 ** Math.ceil(Math.log2(list.length));
    while (list.length < size) list.push(last);
    lists.push(list);
  }
  return lists;
};
