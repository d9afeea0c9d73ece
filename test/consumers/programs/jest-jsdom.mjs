import "./jsdom.mjs";

// As in jest-environment-jsdom 30: Node's own globals of these names are missing. Teams polyfill `fetch`.
const { fetch } = globalThis;
// Node's fetch needs these globals when it is first used.
await fetch("data:,").then((response) => response.text());
for (const name of ["TextEncoder", "TextDecoder", "structuredClone", "Request", "Response"]) {
  Object.defineProperty(globalThis, name, { value: undefined, configurable: true, writable: true });
}
Object.defineProperty(globalThis, "fetch", { value: fetch, configurable: true, writable: true });
