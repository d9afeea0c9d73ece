import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { httpMethods } from "./methods.ts";
import { createPathMatcher, decodeSegment, matchEnd } from "./path-matcher.ts";

const matcherOf = (...routes: string[]) =>
  createPathMatcher(
    routes.map((route) => {
      const [method = "", path = ""] = route.split(" ");
      return { method, path, value: route };
    }),
  );

const orders = matcherOf(
  "get /orders",
  "post /orders",
  "get /orders/{id}",
  "post /orders/estimate",
  "put /orders/{id}/lines/{lineId}",
  "delete /orders/{id}/lines/{lineId}",
  "get /reports/{id}.{format}",
  "get /{kind}/{id}/notes",
);

describe("PathMatcher.match", () => {
  test.each([
    ["GET", "/orders", "get /orders", {}],
    ["get", "/orders/7", "get /orders/{id}", { id: "7" }],
    ["POST", "/orders/estimate", "post /orders/estimate", {}],
    ["PUT", "/orders/7/lines/2", "put /orders/{id}/lines/{lineId}", { id: "7", lineId: "2" }],
    ["GET", "/orders/a%2Fb%20c", "get /orders/{id}", { id: "a/b c" }],
    ["GET", "/%6Frders", "get /orders", {}],
    ["GET", "/reports/7.csv", "get /reports/{id}.{format}", { id: "7", format: "csv" }],
    ["GET", "/orders/estimate/notes", "get /{kind}/{id}/notes", { kind: "orders", id: "estimate" }],
  ])("finds %s %s as %s", (method, path, value, parameters) => {
    expect(orders.match(method, path)).toMatchObject({ kind: "match", value, parameters });
  });

  test("does not fall back from a fixed path to one with a parameter", () => {
    expect(orders.match("GET", "/orders/estimate")).toEqual({
      kind: "methodNotAllowed",
      path: "/orders/estimate",
      allowed: ["POST"],
    });
  });

  test("says which methods a known path has", () => {
    expect(orders.match("PATCH", "/orders/7/lines/2")).toMatchObject({ allowed: ["PUT", "DELETE"] });
  });

  test.each(["/", "", "/orders/", "/orders//lines/2", "/customers", "/orders/7/lines", "orders"])(
    "does not know %j",
    (path) => {
      expect(orders.match("GET", path)).toEqual({ kind: "pathUnknown" });
    },
  );

  test("keeps a parameter that is named __proto__ out of prototypes", () => {
    const match = matcherOf("get /{__proto__}/{constructor}").match("GET", "/a/b");
    expect(match.kind === "match" && Object.entries(match.parameters)).toEqual([
      ["__proto__", "a"],
      ["constructor", "b"],
    ]);
  });

  test.each(httpMethods)("takes %s as a method like any other", (method) => {
    expect(matcherOf(`${method} /a/{b}`).match(method.toUpperCase(), "/a/c")).toMatchObject({ kind: "match" });
  });
});

describe("matchEnd", () => {
  test.each([
    ["/marketplace/eu/orders/7", "get /orders/{id}"],
    ["/orders/orders", "get /orders/{id}"],
    ["//api//orders", "get /orders"],
  ])("finds, for %s, the path of %s", (path, value) => {
    expect(matchEnd(orders, "GET", path)).toMatchObject({ kind: "match", value });
  });

  test("finds nothing in a path that the document does not have", () => {
    expect(matchEnd(orders, "GET", "/invoices/2026")).toEqual({ kind: "pathUnknown" });
    expect(matchEnd(orders, "PATCH", "/eu/orders")).toMatchObject({ kind: "methodNotAllowed" });
  });
});

test("createPathMatcher throws for no path, and decodes once", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (method, path) => {
      expect(orders.match(method, path).kind).toMatch(/^(match|methodNotAllowed|pathUnknown)$/);
      expect(matchEnd(orders, method, `/${path}`).kind).toMatch(/^(match|methodNotAllowed|pathUnknown)$/);
    }),
  );
  expect(decodeSegment("%E0%A4%A")).toBe("%E0%A4%A");
  expect(decodeSegment("%2525")).toBe("%25");
});

test("createPathMatcher gives back any two values that were encoded", () => {
  const value = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(value, value, (id, lineId) => {
      const path = `/orders/${encodeURIComponent(id)}/lines/${encodeURIComponent(lineId)}`;
      expect(orders.match("PUT", path)).toMatchObject({ parameters: { id, lineId } });
    }),
  );
});
