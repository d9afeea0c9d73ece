import { z } from "zod";
import { productRow } from "../results/views.ts";
import { readPart } from "./lists.ts";
import { paging, READS, tool } from "./tool.ts";

/** Finds what can be sold. */
export const findProducts = tool({
  name: "find_products",
  title: "Find products",
  description:
    "Finds products of the catalog by a part of their name, by vendor or part number, with list prices. An order needs their ids; a part number can stand for several products with different periods.",
  input: z.strictObject({
    name: z.string().min(1).max(200).optional(),
    vendor: z.string().min(1).max(200).optional(),
    mpn: z.string().min(1).max(200).optional(),
    ...paging,
  }),
  data: "Rows: id, mpn, name, vendor, billingPeriod, subscriptionPeriod, minimumQuantity, maximumQuantity, prices",
  annotations: READS,
  async run(query, { imcloud, signal }) {
    const { rows, part } = await readPart(imcloud.products.list(query, { signal }));
    return { data: rows.map(productRow), part };
  },
});
