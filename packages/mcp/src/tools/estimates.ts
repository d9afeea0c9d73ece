import { z } from "zod";
import { proposeOrder } from "../proposals/order-proposal.ts";
import type { Proposal } from "../proposals/proposal.ts";
import { proposeSeats } from "../proposals/seat-proposal.ts";
import type { Outcome } from "../results/outcome.ts";
import { id, READS, type ToolCall, tool, wholeNumber } from "./tool.ts";

const READ_ONLY = "Nothing was placed, and nothing can be: the server was started without --allow-writes.";

/** Shows a proposal: with what confirms it, or with why nothing can. */
function show(proposal: Proposal, { confirmations }: ToolCall): Outcome {
  const { shown, tool: name } = proposal;
  if (!confirmations) return { ...shown, advice: `${shown.advice} ${READ_ONLY}` };
  const offered = confirmations.offer(proposal);
  const next = `Nothing is placed yet. Show the user the price and the effect; when they agree, call ${name} with the confirmationId.`;
  return { ...offered, advice: `${offered.advice} ${next}` };
}

const poNumber = z
  .string()
  .regex(/[\p{L}\d]/u)
  .max(60)
  .optional()
  .describe("The user's own number. One is made where it is left out.");

/** What an order would cost and do. */
export const estimateOrder = tool({
  name: "estimate_order",
  title: "Estimate an order",
  description:
    "Prices an order and tells what it would do, and places nothing. sales needs customerId and products; change needs subscriptionId and products with new total quantities; renewal and cancellation need subscriptionId alone.",
  input: z.strictObject({
    type: z.enum(["sales", "change", "renewal", "cancellation"]),
    customerId: id.optional(),
    subscriptionId: id.optional(),
    products: z
      .array(
        z.strictObject({
          id,
          quantity: wholeNumber(0, 1_000_000),
          parameters: z
            .array(z.strictObject({ name: z.string().max(60), value: z.string().max(500) }))
            .max(30)
            .optional(),
        }),
      )
      .max(30)
      .optional(),
    poNumber,
    scheduledOn: z.literal("renewal").optional().describe("A change that waits for the renewal."),
  }),
  data: "customer, order, before (of a subscription), total, lines",
  annotations: READS,
  async run(wish, call) {
    return show(await proposeOrder(call.imcloud, wish, call.signal), call);
  },
});

/** What a change of seats would cost. */
export const estimateSeats = tool({
  name: "estimate_seats",
  title: "Estimate a change of seats",
  description:
    "Prices a change of a subscription's seats to a new total, and changes nothing. `seats` is the total that is wanted, not the difference.",
  input: z.strictObject({
    subscriptionId: id,
    seats: wholeNumber(0, 1_000_000),
    productId: id.optional().describe("Where the subscription has several products."),
    poNumber,
  }),
  data: "change: { from, to, difference }, before, total, lines",
  annotations: READS,
  async run(wish, call) {
    return show(await proposeSeats(call.imcloud, wish, call.signal), call);
  },
});
