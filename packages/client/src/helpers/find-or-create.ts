import type { Customer, CustomerCreate } from "@imcloud/spec";
import { MarketplaceError } from "../core/errors.ts";
import { matchText } from "./text-match.ts";

/**
 * Finds a customer by its `externalId`, and creates it once where there is none. Rows are compared too: an API that ignores a filter
 * answers with every customer.
 */
export async function findOrCreate(
  list: (query: { externalId: string }) => AsyncIterable<Customer>,
  createOnce: () => Promise<Customer>,
  { externalId }: CustomerCreate & { externalId: string },
): Promise<Customer> {
  const found: Customer[] = [];
  for await (const customer of list({ externalId })) {
    if (/^(exact|alike)$/.test(matchText(externalId, customer.externalId))) found.push(customer);
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(", ");
    throw new MarketplaceError(`Several customers have the externalId "${externalId}": ${ids}.`);
  }
  return found[0] ?? createOnce();
}
