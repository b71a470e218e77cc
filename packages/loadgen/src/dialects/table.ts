import type { Dialect } from "./dialect.ts";
import { i2a } from "./i2a.ts";
import { nativeDialects } from "./native.ts";
import { socketio } from "./socketio.ts";

const table = { i2a, socketio, ...nativeDialects };

export type DialectName = keyof typeof table;

export const dialects: Record<DialectName, Dialect> = table;
