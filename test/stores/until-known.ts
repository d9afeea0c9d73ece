import { UnknownOutcomeError } from "@imcloud/client";
import { StoreError } from "@imcloud/stores";

/** Whether to try again: the outcome is unknown, or the claim expired as the machine was slow. */
const isOpen = (error: unknown): boolean =>
  error instanceof UnknownOutcomeError
    ? error.candidates.length === 0
    : error instanceof StoreError && error.message.startsWith("The claim on ");

/** Repeats work while its outcome is unknown, as an operator would. With candidates, a person has to decide. */
export async function untilKnown<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOpen(error)) throw error;
    }
  }
}
