/**
 * All that the client takes from its runtime besides the language: what browsers, React Native, Node and Bun have in
 * common. The package's types are built against it, so that whatever else is used fails the build; what may be missing is
 * looked for on `globalThis`.
 */

declare function setTimeout(run: () => void, milliseconds: number): number;
declare function clearTimeout(timer: number): void;
declare function queueMicrotask(run: () => void): void;
