import { describe, expect, test } from "bun:test";
import type { TObject } from "typebox";
import { Compile } from "typebox/compile";
import type { Core } from "../../../core/core.ts";
import type { Endpoint } from "../../../http/endpoint.ts";
import { useWorld } from "../../../testing/i2a-world.ts";
import { i2aEndpoints } from "./index.ts";
import { exampleRoom, exampleTime } from "./parameters.ts";

/** Every row's example is called as a form and as JSON; a row that is never called fails. */
describe("I2A endpoint rows", () => {
  const world = useWorld();
  const called = new Set<Endpoint<Core>>();

  /** The example with ids of things that exist in place of those it shows. */
  async function liveExample(row: Endpoint<Core>): Promise<Record<string, unknown>> {
    const room = await world.shop.room(["42", "43"]);
    const sent = await world.shop.post("system-message/send-system-message/", {
      chat_room_identifier: room,
      message: "hello",
    });
    const time = sent.body.message_timestamp_identifier;
    const token = await world.shop.token("42");
    const live: Record<string, unknown> = { ...row.example.params };
    if ("chat_room_identifier" in live) live.chat_room_identifier = room;
    if ("message_timestamp_identifier" in live) live.message_timestamp_identifier = time;
    if ("token" in live) live.token = token;
    return live;
  }

  const pathParams = (row: Endpoint<Core>): string[] =>
    [...row.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);

  function callRow(row: Endpoint<Core>, params: Record<string, unknown>, as: "form" | "json", slash = true) {
    const rest = { ...params };
    let path = row.path.slice(1);
    for (const name of pathParams(row)) {
      path = path.replace(`{${name}}`, encodeURIComponent(String(rest[name])));
      delete rest[name];
    }
    called.add(row);
    return world.shop.call(row.method, slash ? path : path.replace(/\/$/, ""), rest, as);
  }

  for (const row of i2aEndpoints) {
    const name = `${row.method} ${row.path}`;
    for (const as of ["form", "json"] as const) {
      test(`${name} works as its example says, sent as ${as}`, async () => {
        const answer = await callRow(row, await liveExample(row), as, as === "form");
        expect({ status: answer.status, body: answer.body }).toEqual({
          status: row.status,
          body: answer.body,
        });
        if (row.result) expect([...Compile(row.result).Errors(answer.body)]).toEqual([]);
        else expect(answer.body).toBeNull();
      });
    }

    test(`${name} shows an example that has the shape of its result`, () => {
      if (row.result) expect([...Compile(row.result).Errors(row.example.result)]).toEqual([]);
      else expect(row.example.result).toBeUndefined();
    });

    const required = ((row.params as TObject & { required?: string[] }).required ?? []).filter(
      (param) => !pathParams(row).includes(param),
    );
    for (const param of required) {
      test(`${name} names ${param} when it is missing`, async () => {
        const { [param]: _, ...rest } = await liveExample(row);
        const answer = await callRow(row, rest, "form");
        expect(answer.status).toBe(400);
        expect(answer.body).toEqual({ [param]: ["This field is required."] });
      });
    }

    test(`${name} answers 401 without a secret and with a wrong one`, async () => {
      const path = row.path.replaceAll(/\{\w+\}/g, "1");
      for (const secret of [undefined, "", "wrong", "secret-of-shop-0002"]) {
        const response = await fetch(`${world.server.url}/server-to-server/v1${path}`, {
          method: row.method,
          headers: secret === undefined ? {} : { "x-application-secret": secret },
        });
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual({ detail: "The application secret is missing or wrong." });
      }
    });

    if (exampleIds(row).length > 0) {
      test(`${name} answers 404 with another app's ids`, async () => {
        const params = await liveExample(row);
        const rest = { ...params };
        let path = row.path.slice(1);
        for (const name of pathParams(row)) {
          path = path.replace(`{${name}}`, encodeURIComponent(String(rest[name])));
          delete rest[name];
        }
        expect((await world.bank.call(row.method, path, rest)).status).toBe(404);
        // And the owner's thing is untouched.
        expect((await callRow(row, params, "form")).status).toBe(row.status);
      });
    }
  }

  test("every row was called", () => {
    expect(i2aEndpoints.filter((row) => !called.has(row))).toEqual([]);
  });
});

const exampleIds = (row: Endpoint<Core>): string[] =>
  Object.entries(row.example.params).flatMap(([name, value]) =>
    value === exampleRoom || value === exampleTime || name === "token" ? [name] : [],
  );
