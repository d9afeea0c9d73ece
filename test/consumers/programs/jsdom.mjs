import { JSDOM } from "jsdom";

// As Jest's and Vitest's environments do: jsdom's globals replace Node's, beside Node's `fetch`.
const { window } = new JSDOM("", { url: "https://app.example/" });
for (const name of [
  "AbortController",
  "AbortSignal",
  "DOMException",
  "Event",
  "EventTarget",
  "URL",
  "URLSearchParams",
]) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true, writable: true });
}
for (const name of ["window", "document", "navigator", "location"]) {
  Object.defineProperty(globalThis, name, { value: name === "window" ? window : window[name], configurable: true });
}
