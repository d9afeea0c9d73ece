import { ApiError, createClient, type DueSubscription, days, type Order } from "@imcloud/client";
import { createHttp } from "@imcloud/client/http";
import { createRedactor } from "@imcloud/client/redact";
import { validator } from "@imcloud/client/validate";
import { startMock } from "@imcloud/mock";
import { createSandbox } from "@imcloud/mock/sandbox";
import { customers } from "@imcloud/query";
import type { OrderCreate } from "@imcloud/spec";
import { validateRequest } from "@imcloud/spec/validators";
import { sqliteStore } from "@imcloud/stores";

const sandbox = createSandbox();
const imcloud = createClient({ ...sandbox.connection, validate: validator() });

export async function renewals(): Promise<DueSubscription[]> {
  const found: DueSubscription[] = [];
  for await (const each of imcloud.subscriptions.due({ within: days(30) })) found.push(each);
  return found;
}

export async function place(order: OrderCreate): Promise<Order["status"] | undefined> {
  if (validateRequest("orders_create", { headers: {}, body: order }).length > 0) return undefined;
  try {
    return (await imcloud.orders.create(order)).status;
  } catch (error) {
    if (error instanceof ApiError) console.error(error.correlationId);
    throw error;
  }
}

// @ts-expect-error: there is no such order type
export const wrong: OrderCreate = { type: "gift", customerId: "1", products: [] };

export const options = customers.list.infiniteQueryOptions(imcloud, { name: "Lindmark" });
export const store = sqliteStore("imcloud.db");
export { createHttp, createRedactor, startMock };
