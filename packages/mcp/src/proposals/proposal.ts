import type { Outcome } from "../results/outcome.ts";

/** The tools that carry something out. Each takes only what was proposed for it. */
export type WriteTool = "place_order" | "change_seats";

/** What is to be done, as it was shown. */
export interface Proposal {
  tool: WriteTool;
  /** What is shown of it. */
  shown: Outcome & { data: object };
  /** The number by which it is found at the marketplace. */
  poNumber: string;
  /** What is ordered, whatever its number: the same again may be a repetition that nobody meant. */
  content: string;
  /** Everything that it rests on: what is sent, the price, and what is there now. Another one is another proposal. */
  fingerprint: string;
  /** Makes the same proposal from what is there now. */
  again(signal: AbortSignal): Promise<Proposal>;
  /** Does it, once: called again after an outcome that stayed unknown, it goes on with the same. */
  carryOut(signal: AbortSignal): Promise<Outcome>;
}
