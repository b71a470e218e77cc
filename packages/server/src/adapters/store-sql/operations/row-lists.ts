const LARGEST = 512;

/**
 * Splits rows into lists whose lengths are powers of two, at most 512: statements of `VALUES (…)` then have ten texts,
 * which are prepared and cached by their text. For statements that do not bear a repeated row; others take `idLists`.
 */
export const rowLists = <Row>(rows: readonly Row[]): Row[][] => {
  const lists: Row[][] = [];
  for (let from = 0; from < rows.length; ) {
    const size = Math.min(LARGEST, 2 ** Math.floor(Math.log2(rows.length - from)));
    lists.push(rows.slice(from, from + size));
    from += size;
  }
  return lists;
};
