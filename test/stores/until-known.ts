import { UnknownOutcomeError } from "@imcloud/client";
import { StoreError } from "@imcloud/stores";

/** Whether it is worth to try again: nobody knows what became of it, or the machine was so slow that the claim was lost. */
const isOpen = (error: unknown): boolean =>
  error instanceof UnknownOutcomeError
    ? error.candidates.length === 0
    : error instanceof StoreError && error.message.startsWith("The claim on ");

/** Does some work again as long as it is open how it ended, as an operator would. Where there are candidates, a person has to look. */
export async function untilKnown<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isOpen(error)) throw error;
    }
  }
}
