import type { Answer, Outgoing, Send } from "../pipeline/send.ts";

/** How one sending of a call ended: with an answer, or with an error. */
export interface Outcome {
  answer?: Answer | undefined;
  error?: unknown;
  milliseconds: number;
}

/** Sees each sending of a call begin and end. */
export type Observer = (call: Outgoing) => (outcome: Outcome) => void;

/** What a logger or tracer throws is not the call's failure: an order was placed, logged or not. */
function quietly<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/** Shows each sending to observers. */
export const withObservers =
  (send: Send, observers: Observer[]): Send =>
  async (call) => {
    const ends = observers.map((observer) => quietly(() => observer(call)));
    const start = performance.now();
    const end = (outcome: Omit<Outcome, "milliseconds">) => {
      const milliseconds = Math.round(performance.now() - start);
      for (const each of ends) quietly(() => each?.({ ...outcome, milliseconds }));
    };
    try {
      const answer = await send(call);
      end({ answer });
      return answer;
    } catch (error) {
      end({ error });
      throw error;
    }
  };
