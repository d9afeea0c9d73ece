import { z } from "zod";
import type { WriteTool } from "../proposals/proposal.ts";
import { ToolError } from "../results/failure.ts";
import { tool } from "./tool.ts";

/** A tool that carries out what was shown. */
const write = (name: WriteTool, title: string, estimate: string, data: string) =>
  tool({
    name,
    title,
    description: `Carries out what ${estimate} has shown, exactly that, once. It costs money: call it only after the user has seen that estimate and agreed to it. Called again with the same confirmationId it gives the first result.`,
    input: z.strictObject({ confirmationId: z.string().max(64) }),
    data,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
    async run({ confirmationId }, { confirmations }) {
      if (!confirmations) throw new ToolError("The server is read-only.");
      return confirmations.confirm(name, confirmationId);
    },
  });

/** Places an order. */
export const placeOrder = write(
  "place_order",
  "Place an order",
  "estimate_order",
  "The order: id, orderNumber, status, total",
);

/** Changes the seats of a subscription. */
export const changeSeats = write("change_seats", "Change seats", "estimate_seats", "from, to, order");
