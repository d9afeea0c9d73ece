import { describe, expect, test } from "vitest";
import { toApiError } from "./api-error.ts";

const call = { operation: "orders_get", method: "GET", path: "/orders/1" };
const errorFor = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  toApiError(call, new Response(null, { status, headers }), body);

describe("toApiError", () => {
  test.each([
    [400, { message: "customerId must not be empty" }, "BadRequestError"],
    [400, { message: "No entity was found with id 1" }, "NotFoundError"],
    [400, { message: "No quantity was given" }, "BadRequestError"],
    [401, { statusCode: 401, message: "Access denied" }, "AuthenticationError"],
    [403, { message: "Not allowed" }, "PermissionError"],
    [404, { error: "Not Found" }, "NotFoundError"],
    [409, {}, "ConflictError"],
    [418, {}, "ApiError"],
    [422, {}, "UnprocessableError"],
    [429, {}, "RateLimitError"],
    [500, { message: "Order CH1 is being provisioned" }, "ServerError"],
    [503, undefined, "ServerError"],
    [504, "<html></html>", "GatewayError"],
  ])("%i %j is a %s", (status, body, name) => {
    const error = errorFor(status, body);
    expect(error.name).toBe(name);
    expect(error.constructor.name).toBe(name);
    expect(error.message).toMatch(new RegExp(`^${status} `));
  });

  test("403 with Retry-After is the quota, not a permission", () => {
    expect(errorFor(403, { statusCode: 403 }, { "retry-after": "60" })).toMatchObject({
      name: "QuotaExceededError",
      retryAfter: 60,
    });
  });

  test("Retry-After as a date is read as seconds from now", () => {
    const error = errorFor(429, {}, { "retry-after": new Date(Date.now() + 30_000).toUTCString() });
    expect((error as { retryAfter?: number }).retryAfter).toBeGreaterThan(27);
    expect((error as { retryAfter?: number }).retryAfter).toBeLessThanOrEqual(30);
  });

  test("the header's correlation id takes precedence over the body's", () => {
    const body = { message: "no", correlationId: "body" };
    expect(errorFor(500, body).correlationId).toBe("body");
    expect(errorFor(500, body, { "x-correlation-id": "header" }).correlationId).toBe("header");
  });
});
