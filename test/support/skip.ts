import { beforeEach } from "vitest";

/** Skips every test of a suite if there is a reason, which the last line of `npm test` names. */
export function skipEach(reason: string | undefined): void {
  beforeEach(({ skip }) => skip(reason !== undefined, reason));
}
