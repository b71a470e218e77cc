/** The guide's blocks as files that a compiler can read, in the folder of somebody who installed the package. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { guideBlocks } from "../../packages/client/src/testing/guide-blocks.ts";

/** Of other packages what the guide uses, as they declare it. */
const others = `
declare module "react" {
  export function useSyncExternalStore<T>(listen: (changed: () => void) => () => void, read: () => T): T;
}
declare module "react-native" {
  export const AppState: {
    addEventListener(name: "change", changed: (state: "active" | "background" | "inactive") => void): object;
  };
}
declare module "expo-sqlite" {
  export class SQLiteDatabase {
    execSync(sql: string): void;
    getAllAsync<Row>(sql: string, ...values: (string | number | null)[]): Promise<Row[]>;
    runAsync(sql: string, ...values: (string | number | null)[]): Promise<object>;
    withTransactionAsync(act: () => Promise<void>): Promise<void>;
    closeAsync(): Promise<void>;
  }
}
declare module "ws" {
  export const WebSocket: typeof globalThis.WebSocket;
}
`;

const given = `
declare const client: import("@parlance/client").Client;
declare const conversation: import("@parlance/client").Conversation;
declare const message: import("@parlance/client").Message;
declare const url: string;
declare const fetchToken: () => Promise<string>;
`;

/** Returns the files' names. */
export function writeGuide(folder: string): string[] {
  const files = { "others.d.ts": others } as Record<string, string>;
  guideBlocks.forEach(({ code }, index) => {
    const imports = [...code.matchAll(/^import .*$/gm)].join("\n");
    const body = code.replace(/^import .*$/gm, "").replace(/^export /gm, "");
    files[`guide-${index}.ts`] = `${imports}\n${given}\nexport async function example() {\n${body}\n}\n`;
  });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return Object.keys(files);
}
