import { afterEach, describe, expect, test } from "bun:test";
import type { Bus } from "./bus.ts";

/** What every bus must do. `open` gives a fresh bus; `onError` is where a handler's exception must be reported. */
export function busContract(name: string, open: (onError: (error: unknown) => void) => Promise<Bus>): void {
  describe(`bus contract: ${name}`, () => {
    let buses: Bus[] = [];
    const errors: unknown[] = [];
    const openBus = async () => {
      const bus = await open((error) => errors.push(error));
      buses.push(bus);
      return bus;
    };
    afterEach(async () => {
      for (const bus of buses) await bus.close();
      buses = [];
      errors.length = 0;
    });
    /** Resolves with what was received once `count` messages are there. */
    const collect = (bus: Bus, subject: string, count: number) => {
      const received: unknown[] = [];
      const whole = new Promise<unknown[]>((resolve) => {
        bus.subscribe(subject, (message) => {
          received.push(message);
          if (received.length === count) resolve(received);
        });
      });
      return { received, whole };
    };

    test("hands every message to every subscriber of the subject, in order", async () => {
      const bus = await openBus();
      const first = collect(bus, "a", 100);
      const second = collect(bus, "a", 100);
      const sent = Array.from({ length: 100 }, (_, number) => ({ number }));
      for (const message of sent) bus.publish("a", message);
      expect(await first.whole).toEqual(sent);
      expect(await second.whole).toEqual(sent);
    });

    test("keeps subjects apart", async () => {
      const bus = await openBus();
      const other = collect(bus, "a.b", 1);
      const own = collect(bus, "a", 2);
      bus.publish("a", 1);
      bus.publish("a", 2);
      expect(await own.whole).toEqual([1, 2]);
      expect(other.received).toEqual([]);
    });

    test("hands a message to each of several subjects, in order with what is published on one", async () => {
      const bus = await openBus();
      const [first, second] = [collect(bus, "a", 3), collect(bus, "b", 2)];
      const other = collect(bus, "c", 1);
      bus.publish("a", 1);
      bus.publish(["a", "b"], 2);
      bus.publish([], 3);
      bus.publish(["b", "a"], 4);
      expect(await first.whole).toEqual([1, 2, 4]);
      expect(await second.whole).toEqual([2, 4]);
      expect(other.received).toEqual([]);
    });

    test("stops after unsubscribing, also twice, and leaves others alone", async () => {
      const bus = await openBus();
      const heard: unknown[] = [];
      const handler = (message: unknown) => heard.push(message);
      const unsubscribe = bus.subscribe("a", handler);
      bus.subscribe("a", handler);
      unsubscribe();
      unsubscribe();
      const last = collect(bus, "a", 1);
      bus.publish("a", "x");
      await last.whole;
      expect(heard).toEqual(["x"]);
    });

    test("a handler that throws disturbs nobody and is reported", async () => {
      const bus = await openBus();
      bus.subscribe("a", () => {
        throw new Error("boom");
      });
      const next = collect(bus, "a", 2);
      bus.publish("a", 1);
      bus.publish("a", 2);
      expect(await next.whole).toEqual([1, 2]);
      expect(errors.map(String)).toEqual(["Error: boom", "Error: boom"]);
    });

    test("hands over to this node's subscribers at once", async () => {
      const bus = await openBus();
      const own = collect(bus, "a", 2);
      bus.publish("a", 1);
      bus.publish("a", 2);
      expect(own.received).toEqual([1, 2]);
      await bus.ready();
      expect(own.received).toEqual([1, 2]);
    });

    test("a handler may publish, subscribe and unsubscribe", async () => {
      const bus = await openBus();
      const answers = collect(bus, "answer", 1);
      const unsubscribe = bus.subscribe("question", (message) => {
        unsubscribe();
        bus.subscribe("other", () => {});
        bus.publish("answer", message);
      });
      bus.publish("question", 1);
      bus.publish("question", 2);
      expect(await answers.whole).toEqual([1]);
      expect(answers.received).toEqual([1]);
    });

    test("takes any text as a subject, and keeps them apart", async () => {
      const bus = await openBus();
      const subjects = ["a b", "a\r\nb", "*", "a.*", ">", "a.>", "a..b", ".", "é", "x".repeat(5000)];
      const heard = subjects.map((subject) => collect(bus, subject, 1));
      for (const subject of subjects) bus.publish(subject, { subject });
      await bus.ready();
      expect(heard.map(({ received }) => received)).toEqual(subjects.map((subject) => [{ subject }]));
    });

    test("nothing is said to be missing as long as nothing is", async () => {
      const bus = await openBus();
      const gaps: (string | null)[] = [];
      const stopListening = bus.onGap((subject) => gaps.push(subject));
      for (let number = 0; number < 100; number++) bus.publish("a", number);
      const late = collect(bus, "a", 1);
      bus.subscribe("b", () => {})();
      await bus.ready();
      bus.publish("a", 100);
      expect(await late.whole).toEqual([100]);
      // Longer than any pause after which a network bus would look for what is missing.
      await Bun.sleep(1200);
      expect(gaps).toEqual([]);
      stopListening();
      stopListening();
    });

    test("delivers nothing after close, and closes twice", async () => {
      const bus = await openBus();
      const late = collect(bus, "a", 1);
      await bus.close();
      bus.publish("a", 1);
      bus.subscribe("b", () => late.received.push("b"));
      bus.publish("b", 1);
      await bus.ready();
      await bus.close();
      expect(late.received).toEqual([]);
    });
  });
}
