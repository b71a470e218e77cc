/**
 * `node react-native.mjs SCRIPT URL TOKEN`: runs a script with what React Native's documentation names as there, and
 * nothing else: its engine is Hermes, which lacks what is taken away here, in one version or another.
 */

import { readFileSync } from "node:fs";
import { createContext, Script } from "node:vm";
import { WebSocket as NodeSocket } from "ws";

const [file, url, token] = process.argv.slice(2);

/** As React Native's own behaves: stricter than a browser's where it throws, and saying less where it closes. */
class WebSocket {
  readyState = 0;
  onopen = null;
  onmessage = null;
  onerror = null;
  onclose = null;
  #binaryType = undefined;
  #socket;

  constructor(address, protocols) {
    if (typeof address !== "string") throw new TypeError("The address is a text.");
    this.#socket = new NodeSocket(address, [...protocols]);
    this.#socket.onopen = () => {
      this.readyState = 1;
      this.onopen?.({ type: "open" });
    };
    this.#socket.onmessage = ({ data }) => this.onmessage?.({ type: "message", data });
    this.#socket.onerror = ({ message }) => this.onerror?.({ type: "error", message });
    this.#socket.onclose = ({ code, reason }) => {
      this.readyState = 3;
      this.onclose?.({ type: "close", code, reason: reason || undefined });
    };
  }

  get binaryType() {
    return this.#binaryType;
  }

  set binaryType(type) {
    if (type !== "blob" && type !== "arraybuffer") throw new Error("binaryType: 'blob' or 'arraybuffer'");
    this.#binaryType = type;
  }

  send(data) {
    if (this.readyState === 0) throw new Error("INVALID_STATE_ERR");
    this.#socket.send(data);
  }

  close(code, reason) {
    if (this.readyState > 1) return;
    this.readyState = 2;
    this.#socket.close(code, reason);
  }
}

const missing = (name) => () => {
  throw new Error(`React Native has no ${name}.`);
};

/** React Native's own knows little more than the text it was made of. */
class URL {
  constructor(text) {
    this.href = String(text);
  }
  get searchParams() {
    return missing("URL.searchParams")();
  }
  get host() {
    return missing("URL.host")();
  }
}

const world = {
  ...{ url, token, console, WebSocket, URL, fetch: missing("network here"), queueMicrotask },
  ...{ setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate },
  performance: { now: () => performance.now() },
  navigator: { product: "ReactNative" },
  __DEV__: false,
};
world.window = world.self = world.global = world;
createContext(world, { codeGeneration: { strings: false, wasm: false } });

const takeAway = `
  for (const name of ["Intl", "WebAssembly", "SharedArrayBuffer", "Atomics", "WeakRef", "FinalizationRegistry", "Iterator", "eval"])
    delete globalThis[name];
  for (const [from, ...names] of [
    [String.prototype, "isWellFormed", "toWellFormed", "localeCompare", "normalize", "replaceAll"],
    [Array.prototype, "findLast", "findLastIndex", "toSorted", "toReversed", "toSpliced", "with"],
    [Set.prototype, "union", "intersection", "difference"],
    [Array, "fromAsync"],
    [Object, "groupBy"],
    [Map, "groupBy"],
    [Promise, "withResolvers", "try", "any"],
  ])
    for (const name of names) delete from[name];
  for (const prototype of [Number.prototype, Date.prototype, Array.prototype]) delete prototype.toLocaleString;
  for (const name of ["document", "indexedDB", "crypto", "structuredClone", "TextEncoder", "TextDecoder", "btoa", "addEventListener"])
    if (name in globalThis) throw new Error(name + " is there.");
`;
new Script(takeAway).runInContext(world);
new Script(readFileSync(file, "utf8"), { filename: file }).runInContext(world);
