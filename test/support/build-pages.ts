import { ensurePages } from "../../scripts/build.ts";

/** Setup of the projects that need built pages, so that other tests do not wait for them. */
export const setup = (): Promise<void> => ensurePages();
