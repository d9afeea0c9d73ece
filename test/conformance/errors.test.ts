import { describe, expect, test } from "vitest";
import { faultsOf } from "../contract/checked-fetch.ts";
import { document } from "../support/document.ts";
import { errorShapes } from "./error-shapes.ts";
import { faultsIn } from "./faults.ts";
import { completeValue } from "./values.ts";

const BASE = "http://127.0.0.1:9/marketplace";

/** Checks an error's body against the document. */
const check = (body: unknown) =>
  faultsOf(
    new Request(`${BASE}/customers`),
    new Response(JSON.stringify(body), {
      status: 400,
      headers: { "content-type": "application/json", "x-correlation-id": "a8n-1" },
    }),
    BASE,
  );

test("error schemas have one of three shapes", () => {
  expect(errorShapes).toHaveLength(3);
});

describe.each(errorShapes)("ErrorBody %o", (shape) => {
  const complete = completeValue(document, shape);

  test("fits the document's schema", async () => {
    expect(await check(complete)).toEqual([]);
  });

  test("does not fit with a member left out or of another type", async () => {
    for (const { constraint, place, value } of faultsIn(document, shape, complete)) {
      expect(await check(value), `${constraint} of ${place.join(".")}`).not.toEqual([]);
    }
  });
});
