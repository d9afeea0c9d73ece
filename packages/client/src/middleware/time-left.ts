import type { PipelineRequest } from "../core/pipeline.ts";

/** Milliseconds until the retries of a call end, and at least one. Without end while it has not failed. */
export const timeLeft = ({ state: { giveUpAt = Infinity } }: PipelineRequest): number =>
  Math.max(1, giveUpAt - performance.now());
