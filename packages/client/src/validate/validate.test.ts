import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { ApiError, type ClientOptions, ValidationError } from "../index.ts";
import { apiOf, failureOf, json } from "../testing.ts";
import { validator } from "./validator.ts";

/** A client that validates responses, and its log. */
function checking(body: unknown, options: Partial<ClientOptions>, status = 200) {
  const warnings: [line: string, details: object][] = [];
  const quiet = () => {};
  const warn = (line: string, details: object) => warnings.push([line, details]);
  const logger = { debug: quiet, info: quiet, warn, error: quiet };
  const { imcloud } = apiOf(() => json(body, { status }), { logger, retry: false, ...options });
  return { imcloud, warnings };
}

const customer = {
  id: "1002101",
  name: "Brightwater Dental Group",
  status: "active",
  language: "en",
  address: { streetAddress: "4 Mill Lane", postalCode: "8000", city: "Aarhus", countryCode: "DK" },
  contactPersons: [],
};
const list = (...data: unknown[]) => ({ data, pagination: { offset: 0, limit: 10, total: data.length } });

describe("validator()", () => {
  test("accepts a documented response, also with new fields and new values of open enums", async () => {
    const { imcloud, warnings } = checking(list({ ...customer, status: "frozen", colour: "green" }), {
      validate: validator({ onDifference: "throw" }),
    });
    expect((await imcloud.customers.list()).data).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  test("logs a response that differs once, with like places merged, and still returns it", async () => {
    const body = list(
      { ...customer, name: 7 },
      { ...customer, name: 8 },
      { ...customer, id: undefined, name: "Secret Name" },
    );
    const { imcloud, warnings } = checking(body, { validate: validator() });
    expect((await imcloud.customers.list()).data).toHaveLength(3);
    expect(warnings.map(([line]) => line)).toEqual([
      "GET /customers 200 differs from the document at /data/*/name: must be string (2×); " +
        "/data/*: must have required property 'id'",
    ]);
    expect(warnings[0]?.[1]).toMatchObject({
      operation: "customers_list",
      status: 200,
      differences: [
        { at: "/data/*/name", count: 2 },
        { at: "/data/*", count: 1 },
      ],
    });
    expect(inspect(warnings, { depth: null })).not.toContain("Secret Name");
  });

  test("throws for a success that differs, with its body, which printing the error does not show", async () => {
    const { imcloud } = checking(
      { id: "900301", status: 5, poNumber: "Secret 1" },
      { validate: validator({ onDifference: "throw" }) },
    );
    const error = (await failureOf(imcloud.orders.get("900301"))) as ValidationError;
    expect(error).toBeInstanceOf(ValidationError);
    expect(error).toMatchObject({ operation: "orders_get", status: 200, body: { poNumber: "Secret 1" } });
    expect(error.differences.map(({ at }) => at)).toContain("/status");
    expect(inspect(error)).not.toContain("Secret 1");
  });

  test("throws the API's error for an error response, whatever its shape", async () => {
    const { imcloud, warnings } = checking(
      { message: ["no"] },
      { validate: validator({ onDifference: "throw" }) },
      400,
    );
    expect(await failureOf(imcloud.orders.get("900301"))).toBeInstanceOf(ApiError);
    const differences = warnings.map(([line]) => line.replace(/: .*/, "")).filter((line) => line.includes("differs"));
    expect(differences).toEqual(["GET /orders/900301 400 differs from the document at /"]);
  });

  test("reports an undocumented status as a difference, and does not check undocumented calls", async () => {
    const { imcloud, warnings } = checking({ id: "1" }, { validate: validator() }, 206);
    await imcloud.orders.get("1");
    await imcloud.request("GET", "/elsewhere");
    expect(warnings.map(([line]) => line)).toEqual([
      "GET /orders/1 206 differs from the document at /: the document has no response 206",
    ]);
  });

  test("checks calls through http and request by their paths", async () => {
    const { imcloud, warnings } = checking({ id: 1 }, { validate: validator() });
    await imcloud.http.GET("/plans/{id}", { params: { path: { id: "200110" } } });
    await imcloud.request("GET", "/plans/200110");
    expect(warnings.map(([, details]) => (details as { path: string }).path)).toEqual([
      "/plans/200110",
      "/plans/200110",
    ]);
  });

  test("a checker that is misspelled is refused", () => {
    expect(() => validator({ onDifference: "strict" as never })).toThrow(
      'onDifference must be "warn" or "throw"; got "strict".',
    );
    expect(() => checking({}, { validate: "warn" as never })).toThrow(
      "validate must be validator() from @imcloud/client/validate",
    );
  });
});
