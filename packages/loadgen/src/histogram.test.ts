import { describe, expect, test } from "bun:test";
import { Histogram } from "./histogram.ts";

describe("Histogram", () => {
  test("an empty one has no quantiles", () => {
    expect(new Histogram().quantile(0.5)).toBeNull();
    expect(new Histogram().count).toBe(0);
  });

  test("small values are exact", () => {
    const histogram = new Histogram();
    for (let value = 0; value < 64; value++) histogram.record(value);
    expect(histogram.quantile(0)).toBe(0);
    expect(histogram.quantile(0.5)).toBe(31);
    expect(histogram.quantile(1)).toBe(63);
  });

  test.each([64, 127, 128, 1000, 65_535, 65_536, 1_000_000, 2 ** 31, 2 ** 33 + 7, 2 ** 36])(
    "%d is kept to within 1.6 per cent",
    (value) => {
      const histogram = new Histogram();
      histogram.record(value);
      const kept = histogram.quantile(0.5) ?? Number.NaN;
      expect(Math.abs(kept - value) / value).toBeLessThan(0.016);
    },
  );

  test("quantiles of a known distribution", () => {
    const histogram = new Histogram();
    for (let value = 1; value <= 100_000; value++) histogram.record(value);
    for (const share of [0.01, 0.5, 0.9, 0.99, 0.999]) {
      const found = histogram.quantile(share) ?? Number.NaN;
      expect(Math.abs(found / (share * 100_000) - 1)).toBeLessThan(0.02);
    }
  });

  test("values out of range land at the ends", () => {
    const histogram = new Histogram();
    histogram.record(-5);
    histogram.record(2 ** 50);
    expect(histogram.quantile(0.5)).toBe(0);
    expect(histogram.quantile(1)).toBeGreaterThanOrEqual(2 ** 36);
  });

  test("travels as JSON and adds up", () => {
    const one = new Histogram();
    const other = new Histogram();
    one.record(10);
    other.record(5000);
    other.record(5000);
    const sum = new Histogram().add(JSON.parse(JSON.stringify(one))).add(JSON.parse(JSON.stringify(other)));
    expect(sum.count).toBe(3);
    expect(sum.quantile(0.33)).toBe(10);
    expect(sum.quantile(0.99)).toBe(other.quantile(0.5));
    expect(() => sum.add([[1e9, 1]])).toThrow(RangeError);
  });
});
