import { findBrowser } from "./browser.ts";

/** Runs before all tests, so that the packaged browser is whole when the first of them starts it. */
export const setup = async (): Promise<void> => {
  await findBrowser();
};
