import type { McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { checkedBy, readArguments } from "./tools/arguments.ts";

/** A prompt for a common job. */
interface Prompt<Input extends z.ZodObject> {
  title: string;
  description: string;
  input: Input;
  text(input: z.output<Input>): string;
}

const short = z.string().min(1).max(200);

function register<Input extends z.ZodObject>(server: McpServer, name: string, prompt: Prompt<Input>): void {
  const { title, description, input, text } = prompt;
  const argsSchema = checkedBy(input, (given) => readArguments(name, input, given));
  server.registerPrompt(name, { title, description, argsSchema }, (given) => ({
    messages: [{ role: "user", content: { type: "text", text: text(given as z.output<Input>) } }],
  }));
}

/** Adds the prompts for the usual jobs. */
export function registerPrompts(server: McpServer): void {
  register(server, "renewals_this_month", {
    title: "Renewals this month",
    description: "What renews or ends soon, and what to ask the customers.",
    input: z.strictObject({ days: short.optional() }),
    text: ({ days = "30" }) =>
      `List what renews or ends within ${days} days by due_renewals, to its last page. Make a table of day, customer, subscription and what happens. Put what ends at the top, as somebody has to act before that day. Say how many there are in all.`,
  });
  register(server, "new_tenant", {
    title: "A new tenant",
    description: "Sell a product to a customer, from the catalog to the order.",
    input: z.strictObject({ customer: short, product: short, quantity: short }),
    text: ({ customer, product, quantity }) =>
      `Sell ${quantity} of "${product}" to the customer "${customer}". Find the customer by find_customers and the product by find_products; ask me where several fit, or where periods differ. Look up by search_docs which parameters a new tenant needs, and ask me for their values. Then call estimate_order, show me the price and what it would do, and wait for my agreement before anything else.`,
  });
  register(server, "change_seats", {
    title: "Change seats",
    description: "Change how many seats a customer has of something.",
    input: z.strictObject({ customer: short, seats: short }),
    text: ({ customer, seats }) =>
      `Change the seats of the customer "${customer}" to ${seats} in all. Find the customer, and its subscriptions by customer_overview; ask me which one, where there are several. Then call estimate_seats, show me the seats before and after and the price, and wait for my agreement before anything else.`,
  });
  register(server, "invoice_question", {
    title: "A question about an invoice",
    description: "What was charged in a period, by customer or subscription.",
    input: z.strictObject({ question: short, from: short, to: short }),
    text: ({ question, from, to }) =>
      `Answer from the marketplace's own charges from ${from} to ${to}: ${question}\nRun the report "Every Invoice - Full View" by run_report for that period, look at its columns, and add up by read_report with groupBy and sum rather than by yourself. Never add amounts of several currencies. Say which columns you used.`,
  });
}
