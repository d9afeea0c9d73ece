import { describe, expect, test } from "vitest";
import { sandboxWithClient } from "./client.ts";

/** Attributes of 900 kB under names that no other call has. */
const attributesOf = (call: number) => ({ [`note${call}`]: "x".repeat(900_000) });

describe("attributes", () => {
  test("are limited to the size of one request on a subscription", async () => {
    const { imcloud } = sandboxWithClient();
    await imcloud.subscriptions.update("700401", { attributes: attributesOf(1) });
    await expect(imcloud.subscriptions.update("700401", { attributes: attributesOf(2) })).rejects.toMatchObject({
      ...{ status: 400, message: expect.stringContaining("more than 1048576 characters") },
    });
    const { attributes } = await imcloud.subscriptions.get("700401");
    expect(attributes).toMatchObject({ note1: expect.any(String) });
    expect(attributes).not.toHaveProperty("note2");
  });

  test("are limited to the size of one request on a customer", async () => {
    const { imcloud } = sandboxWithClient();
    await imcloud.customers.update("1002101", { attributes: attributesOf(1) });
    await expect(imcloud.customers.update("1002101", { attributes: attributesOf(2) })).rejects.toMatchObject({
      status: 400,
    });
  });
});
