import { findBrowser } from "../browser/browser.ts";

/** Runs before all tests that may use a browser, so that the packaged browser is whole when the first of them starts it. */
export const setup = async (): Promise<void> => {
  // Where there is none, the tests that need one say so.
  await findBrowser().catch(() => undefined);
};
