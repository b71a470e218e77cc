import type { MethodName, ParamsOf, ResultOf } from "@parlance/protocol";
import type { Persistence } from "../cache/persistence.ts";
import type { Environment } from "../environment.ts";
import { retried } from "./retry.ts";

/** What the parts that keep in step with the server share. */
export interface Link {
  readonly environment: Environment;
  readonly persistence: Persistence;
  readonly userId: string;
  /** Rises with every connection and with its end: work of an earlier one is over. */
  generation(): number;
  isOnline(): boolean;
  request<Name extends MethodName>(method: Name, params: ParamsOf<Name>): Promise<ResultOf<Name>>;
}

/** Repeats what may succeed later, for as long as this connection lasts. */
export function insist<Name extends MethodName>(
  link: Link,
  method: Name,
  params: ParamsOf<Name>,
): Promise<ResultOf<Name>> {
  const generation = link.generation();
  return retried(
    link.environment,
    () => link.generation() !== generation,
    () => link.request(method, params),
  );
}
