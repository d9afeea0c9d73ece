import { ensurePages } from "../../scripts/build.ts";

/** Runs before all tests that look at built pages, so that no other ones wait for them. */
export const setup = (): Promise<void> => ensurePages();
