import type { Outcome } from "../results/outcome.ts";

/** The tools that write. Each takes only its own proposals. */
export type WriteTool = "place_order" | "change_seats";

/** A write that was shown to the user, and that can be confirmed. */
export interface Proposal {
  tool: WriteTool;
  /** The result to show. */
  shown: Outcome & { data: object };
  /** The PO number of the order. */
  poNumber: string;
  /** A digest of the order without its number, to notice an accidental repetition. */
  content: string;
  /** A digest of all that it depends on: the request, the price, and the current state. */
  fingerprint: string;
  /** Makes the same proposal from the current state. */
  again(signal: AbortSignal): Promise<Proposal>;
  /** Carries it out once. Called again after an unknown outcome, it continues with the same order. */
  carryOut(signal: AbortSignal): Promise<Outcome>;
}
