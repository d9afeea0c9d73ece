import { beforeEach } from "vitest";

/** Skips each test of a suite for a reason, where there is one; the last line of `npm test` names it. */
export function skipEach(reason: string | undefined): void {
  beforeEach(({ skip }) => skip(reason !== undefined, reason));
}
