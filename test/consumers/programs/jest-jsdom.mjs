import "./jsdom.mjs";

// Seen with jest-environment-jsdom 30: none of Node's own of these is there. A `fetch` is what a team polyfills.
const { fetch } = globalThis;
// Node makes ready what its own needs when it is first asked.
await fetch("data:,").then((response) => response.text());
for (const name of ["TextEncoder", "TextDecoder", "structuredClone", "Request", "Response"]) {
  Object.defineProperty(globalThis, name, { value: undefined, configurable: true, writable: true });
}
Object.defineProperty(globalThis, "fetch", { value: fetch, configurable: true, writable: true });
