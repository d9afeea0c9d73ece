import { findBrowser } from "../browser/browser.ts";

/** Setup of the projects that may use a browser, so that the packaged one is unpacked before concurrent tests start it. */
export const setup = async (): Promise<void> => {
  // Without a browser, the tests that need one fail with a reason.
  await findBrowser().catch(() => undefined);
};
