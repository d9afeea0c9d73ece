import { z } from "zod";
import { readPart } from "./lists.ts";
import { id, paging, READS, tool } from "./tool.ts";

/** Finds customers by what they are called. */
export const findCustomers = tool({
  name: "find_customers",
  title: "Find customers",
  description:
    "Finds customers of the marketplace by a part of their name, by email, by your own number (externalId) or by reseller. Without a filter it lists all. Use it first: every other tool takes ids.",
  input: z.strictObject({
    name: z.string().min(1).max(200).optional(),
    email: z.string().min(1).max(200).optional(),
    externalId: z.string().min(1).max(200).optional(),
    resellerId: id.optional(),
    ...paging,
  }),
  data: "Rows: id, name, status, externalId",
  annotations: READS,
  async run(query, { imcloud, signal }) {
    const { rows, part } = await readPart(imcloud.customers.list(query, { signal }));
    return { data: rows, part };
  },
});
