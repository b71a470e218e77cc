/** What a row of the server's table of methods is. Its params were checked by the protocol's schema. */

import type { MethodName, ParamsOf, ResultOf } from "@parlance/protocol";
import type { Connection } from "../../../gateway/connection.ts";

/** One request that is being answered. */
export interface Call {
  readonly connection: Connection;
  /** Holds back the connection's next frames until this has settled; it must not reject. */
  hold(until: Promise<unknown>): void;
}

export type Run<Name extends MethodName> = (call: Call, params: ParamsOf<Name>) => Promise<ResultOf<Name>>;

export interface MethodRow<Name extends MethodName = MethodName> {
  readonly name: Name;
  /** A farewell waits for its reply, and the connection's next reads and writes for its effect. */
  readonly isWrite: boolean;
  /** Nothing that came after it begins before its reply. */
  readonly isAlone: boolean;
  readonly run: Run<Name>;
}

/** Runs when the connection's writes so far are done: a reader sees what it wrote. */
export const read = <Name extends MethodName>(name: Name, run: Run<Name>): MethodRow<Name> => ({
  name,
  isWrite: false,
  isAlone: false,
  async run(call, params) {
    const { lastAppend } = call.connection;
    if (lastAppend) await lastAppend;
    return run(call, params);
  },
});

/** As `read`; what the connection asks for later comes after it. */
export const write = <Name extends MethodName>(name: Name, run: Run<Name>): MethodRow<Name> => ({
  ...read(name, run),
  isWrite: true,
  isAlone: true,
});

/** Runs at once: it keeps its order itself, or has none. */
export const inOrder = <Name extends MethodName>(name: Name, run: Run<Name>): MethodRow<Name> => ({
  name,
  isWrite: true,
  isAlone: false,
  run,
});
