import "./safari-16.mjs";

// Globals that React Native does not have.
for (const name of ["structuredClone", "DOMException", "crypto", "BroadcastChannel"]) {
  delete globalThis[name];
}
delete AbortSignal.timeout;

/** React Native's abort signals come from a polyfill, and have no reason. */
globalThis.AbortSignal = class extends EventTarget {
  aborted = false;
};
globalThis.AbortController = class {
  signal = new AbortSignal();
  abort() {
    if (this.signal.aborted) return;
    this.signal.aborted = true;
    this.signal.dispatchEvent(new Event("abort"));
  }
};
Object.defineProperty(globalThis, "navigator", { value: { product: "ReactNative" }, configurable: true });
