import { defineConfig } from "vitest/config";

/** Not part of `npm test`: it calls a real installation. One file after the other, as they share its rate limit. */
export default defineConfig({
  test: { include: ["test/live/*.live.ts"], fileParallelism: false, testTimeout: 300_000, hookTimeout: 60_000 },
});
