/** Parlance's own protocol: tables that the server checks by, the client takes its types from, and the reference shows. */

export * from "./close-codes.ts";
export { type Codec, jsonCodec } from "./codec.ts";
export * from "./errors.ts";
export { type EventData, type EventName, events, isEventName, type ProtocolEvent } from "./events.ts";
export * from "./frames.ts";
export { type LimitName, limits, limitTable } from "./limits.ts";
export * from "./message-types.ts";
export {
  isMethodName,
  type MethodName,
  methods,
  type ParamsOf,
  type ResultOf,
  unservedMethods,
} from "./methods/index.ts";
export { commonErrors, type Method } from "./methods/method.ts";
export { platformPattern } from "./parts/ids.ts";
export type * from "./parts/index.ts";
export * as schemas from "./parts/index.ts";
export type { Infer, Schema } from "./schema/schema.ts";
export * from "./version.ts";
