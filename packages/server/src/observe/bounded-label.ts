/** Every label value is a time series for as long as the process lives; past `most` of them the rest share one. */
export const boundedLabel = (most: number): ((value: string) => string) => {
  const seen = new Set<string>();
  return (value) => {
    if (seen.has(value)) return value;
    if (seen.size >= most) return "other";
    seen.add(value);
    return value;
  };
};
