import { describe, expect, test } from "vitest";
import { operations } from "../../generated/resources.ts";
import { apiOf, failureOf } from "../../testing.ts";
import { pathNames } from "./operation.ts";

const writes = operations.filter(({ id, method, isSafe }) => method !== "GET" && !isSafe && id !== "token_create");
const { imcloud } = apiOf(() => new Response(null, { status: 204 }), { rateLimit: false, retry: false });

/** Calls an operation by its method, and by its path. */
function bothWays(operation: (typeof operations)[number]): Promise<unknown>[] {
  const [resource = "", name = ""] = operation.id.split("_");
  const resources = imcloud as unknown as Record<string, Record<string, (...values: unknown[]) => Promise<unknown>>>;
  const method = resources[resource]?.[name];
  const path = operation.path.replace(/\{\w+\}/g, "1");
  if (!method) throw new Error(`There is no method for ${operation.id}.`);
  return [method(...pathNames(operation).map(() => "1"), {}), imcloud.request(operation.method, path, { body: {} })];
}

describe("ApiPromise of a write", () => {
  const updates = writes.filter(({ isUpdate }) => isUpdate);
  const creations = writes.filter(({ isUpdate }) => !isUpdate);

  test("resolves without a body for operations that change what there is, by whatever method", async () => {
    expect(updates.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["orders_update", "subscriptions_updateByPost"]),
    );
    for (const update of updates) for (const call of bothWays(update)) expect(await call).toBeUndefined();
  });

  test("rejects with UnknownOutcomeError without a body of what was created", async () => {
    expect(creations.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["orders_create", "resellers_createCustomer"]),
    );
    for (const creation of creations)
      for (const call of bothWays(creation))
        expect(await failureOf(call)).toHaveProperty("name", "UnknownOutcomeError");
  });
});
