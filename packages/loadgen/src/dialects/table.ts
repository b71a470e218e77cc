import type { Dialect } from "./dialect.ts";
import { i2a } from "./i2a.ts";
import { socketio } from "./socketio.ts";

export type DialectName = "i2a" | "socketio";

export const dialects: Record<DialectName, Dialect> = { i2a, socketio };
