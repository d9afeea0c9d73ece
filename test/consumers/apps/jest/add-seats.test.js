import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { addSeats } from "./add-seats.js";

let sandbox;
let imcloud;
beforeEach(() => {
  sandbox = createSandbox({ speed: 1_000 });
  imcloud = createClient(sandbox.connection);
});
afterEach(() => sandbox.close());

test("buys what is missing", async () => {
  const said = await addSeats(imcloud, { id: "700401", missing: 5, poNumber: "SEATS-1" });
  expect(said).toBe("30 → 35 seats, order completed");
});

test("buys nothing when nothing is missing", async () => {
  expect(await addSeats(imcloud, { id: "700401", missing: 0, poNumber: "SEATS-2" })).toBe("nothing to buy");
  expect(sandbox.requests()).toEqual([]);
});

test("places one order although the gateway lost the response", async () => {
  sandbox.faults.add({ kind: "gatewayTimeout", operation: "orders_create", count: 1 });
  await addSeats(imcloud, { id: "700401", missing: 1, poNumber: "SEATS-3" });
  expect(sandbox.requests({ operation: "orders_create" })).toHaveLength(1);
});
