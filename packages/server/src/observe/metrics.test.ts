import { describe, expect, test } from "bun:test";
import { boundedLabel } from "./bounded-label.ts";
import { createMetrics } from "./metrics.ts";

const readSeries = async (metrics: ReturnType<typeof createMetrics>, series: string): Promise<number> => {
  const line = (await metrics.render()).split("\n").find((text) => text.startsWith(`${series} `));
  return line === undefined ? Number.NaN : Number(line.slice(series.length + 1));
};

describe("metrics", () => {
  test("plain fields and watched numbers are read when somebody looks", async () => {
    const metrics = createMetrics();
    const outbox = { queuedBytes: 10 };
    metrics.watch("queue_bytes", () => outbox.queuedBytes);
    metrics.counts.messages_accepted += 3;
    expect(await readSeries(metrics, "parlance_queue_bytes")).toBe(10);
    expect(await readSeries(metrics, "parlance_messages_accepted_total")).toBe(3);
    outbox.queuedBytes = 0;
    metrics.counts.messages_accepted++;
    expect(await readSeries(metrics, "parlance_queue_bytes")).toBe(0);
    expect(await readSeries(metrics, "parlance_messages_accepted_total")).toBe(4);
  });

  test("histograms and labels", async () => {
    const metrics = createMetrics();
    metrics.observe("append_batch_size", 50);
    metrics.observe("append_batch_size", 51);
    metrics.count("refused_requests", "unauthorized");
    metrics.count("http_requests", 200);
    expect(await readSeries(metrics, 'parlance_append_batch_size_bucket{le="50"}')).toBe(1);
    expect(await readSeries(metrics, "parlance_append_batch_size_count")).toBe(2);
    expect(await readSeries(metrics, 'parlance_refused_requests_total{code="unauthorized"}')).toBe(1);
    expect(await readSeries(metrics, 'parlance_http_requests_total{status="200"}')).toBe(1);
  });

  test("two servers in a process don't share numbers", async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.counts.connections = 7;
    expect(await readSeries(one, "parlance_connections")).toBe(7);
    expect(await readSeries(other, "parlance_connections")).toBe(0);
  });

  test("every number on the page is a number", async () => {
    const page = await createMetrics().render();
    const values = page
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"))
      .map((line) => line.slice(line.lastIndexOf(" ") + 1));
    expect(values.length).toBeGreaterThan(30);
    expect(values.filter((value) => !Number.isFinite(Number(value)))).toEqual([]);
    expect(await readSeries(createMetrics(), "process_resident_memory_bytes")).toBeGreaterThan(1e6);
  });

  test("labels are bounded", () => {
    const label = boundedLabel(2);
    expect(["a", "b", "c", "a", "d"].map(label)).toEqual(["a", "b", "other", "a", "other"]);
  });
});
