import type { Customer, CustomerCreate } from "@imcloud/spec";
import { MarketplaceError } from "../core/errors/errors.ts";
import { matchText } from "./create-once/text-match.ts";

/**
 * Finds a customer by its `externalId`, and creates it once if there is none. Rows are compared too, as an API that ignores a filter
 * responds with every customer.
 */
export async function findOrCreate(
  list: (query: { externalId: string }) => AsyncIterable<{ id: string; externalId?: string }>,
  get: (id: string) => PromiseLike<Customer>,
  createOnce: () => Promise<Customer>,
  { externalId }: CustomerCreate & { externalId: string },
): Promise<Customer> {
  const found: string[] = [];
  for await (const customer of list({ externalId })) {
    if (/^(exact|alike)$/.test(matchText(externalId, customer.externalId))) found.push(customer.id);
  }
  if (found.length > 1) {
    throw new MarketplaceError(`Several customers have the externalId "${externalId}": ${found.join(", ")}.`);
  }
  // A list row lacks some fields, so the details are read.
  return found[0] === undefined ? createOnce() : await get(String(found[0]));
}
