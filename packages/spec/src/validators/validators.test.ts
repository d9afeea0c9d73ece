import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import {
  describeFault,
  type Fault,
  MAX_FAULTS,
  type OperationId,
  validateRequest,
  validateResponse,
  validateSecurity,
} from "@imcloud/spec/validators";
import { describe, expect, test } from "vitest";

const placesOf = (faults: Fault[]) =>
  faults.map(({ in: place, name = "", pointer, keyword }) => `${place} ${name}${pointer} ${keyword}`);

const order = { type: "sales", customerId: "1002101", products: [{ id: "500201", quantity: 1 }] };
const json = { "content-type": "application/json" };

describe("validateRequest", () => {
  test("finds nothing in a request as the document has it", () => {
    expect(validateRequest("orders_create", { headers: json, body: order })).toEqual([]);
    const query = { status: "completed", limit: "50", creationTimeFrom: "2019-12-11 17:32:28+00:00" };
    expect(validateRequest("orders_list", { query })).toEqual([]);
    expect(validateRequest("orders_get", { path: { id: "900301" } })).toEqual([]);
  });

  test("tells the place, the keyword and what must be there", () => {
    const faults = validateRequest("orders_create", {
      headers: json,
      body: { type: "sales", products: [{ vendor: 7, quantity: 1 }] },
    });
    expect(placesOf(faults)).toEqual(["body  required", "body /products/0/vendor type"]);
    expect(faults.map((fault) => describeFault(fault, "Request"))).toContain(
      "Request body property products.0.vendor must be string,null",
    );
  });

  test("names parameters as the document does, whatever the case of a header", () => {
    const faults = validateRequest("subscriptions_list", { query: { creationDateFrom: "yesterday", limit: "0" } });
    expect(placesOf(faults)).toEqual(["query creationDateFrom format", "query limit minimum"]);
    expect(describeFault(faults[1] as Fault, "Request")).toBe("Request query parameter limit must be >= 1");
    expect(placesOf(validateRequest("orders_get", {}))).toEqual(["path id required"]);
  });

  test("reads one value of a parameter, and finds fault with several where there is to be one", () => {
    expect(placesOf(validateRequest("orders_list", { query: { limit: ["1", "2"] } }))).toEqual(["query limit type"]);
    expect(validateRequest("orders_list", { query: { limit: "" } })).toEqual([]);
  });

  test("wants a body where one is required, of a documented media type, and none where none is", () => {
    expect(placesOf(validateRequest("orders_create", {}))).toEqual(["body  required"]);
    const other = { headers: { "Content-Type": "text/plain" }, body: "x" };
    expect(placesOf(validateRequest("orders_create", other))).toEqual(["header Content-Type contentMediaType"]);
    expect(placesOf(validateRequest("orders_list", { headers: json, body: {} }))).toEqual(["body  unexpected"]);
  });

  test("takes the headers of the platform, and a content type with parameters", () => {
    const headers = new Headers({ "Content-Type": "application/JSON; charset=utf-8" });
    expect(validateRequest("orders_create", { headers, body: order })).toEqual([]);
  });

  test("changes nothing of what it is given", () => {
    const parts = Object.freeze({ query: Object.freeze({ limit: "5" }), headers: Object.freeze({}) });
    expect(validateRequest("orders_list", parts)).toEqual([]);
    expect(parts.query.limit).toBe("5");
  });

  test("throws for an operation that the document does not have", () => {
    for (const id of ["orders_destroy", "toString", "__proto__"]) {
      expect(() => validateRequest(id as OperationId, {})).toThrow(`The document has no operation "${id}".`);
    }
  });
});

describe("validateResponse", () => {
  const page = { data: [], pagination: { offset: 0, limit: 10, total: 0 } };
  const headers = { ...json, "X-Correlation-ID": "a8n-1" };

  test("checks the headers and the body of a status", () => {
    expect(validateResponse("orders_list", 200, { headers, body: page })).toEqual([]);
    expect(placesOf(validateResponse("orders_list", 200, { headers: json, body: { data: [] } }))).toEqual([
      "header X-Correlation-ID required",
      "body  required",
    ]);
  });

  test("checks the body alone where it is given no headers", () => {
    expect(validateResponse("orders_list", 200, { body: page })).toEqual([]);
    expect(placesOf(validateResponse("orders_list", 200, {}))).toEqual(["body  required"]);
  });

  test("takes new properties, and values that an open list does not have yet", () => {
    const body = { ...page, data: [], more: true };
    expect(validateResponse("orders_list", 200, { headers, body })).toEqual([]);
  });

  test("finds fault with a status and with a media type that are not documented", () => {
    expect(placesOf(validateResponse("orders_list", 206, { headers, body: page }))).toEqual(["status  status"]);
    const html = { headers: { ...headers, "content-type": "text/html" }, body: "<html></html>" };
    expect(placesOf(validateResponse("orders_list", 200, html))).toEqual(["header Content-Type contentMediaType"]);
  });

  test("reports a bounded number of faults, and looks no further", () => {
    let looks = 0;
    const rows = Array.from({ length: 200_000 }, () => 1);
    const data = new Proxy(rows, {
      get(target, key) {
        looks += 1;
        return Reflect.get(target, key);
      },
    });
    const faults = validateResponse("orders_list", 200, { headers, body: { ...page, data } });
    expect(faults).toHaveLength(MAX_FAULTS);
    expect(looks).toBeLessThan(2 * MAX_FAULTS);
  });

  test("repeats neither values nor long names of a message", () => {
    const body = { ...page, pagination: { offset: "secret-value", limit: 1, total: 1 } };
    const text = JSON.stringify(validateResponse("orders_list", 200, { headers, body }));
    expect(text).toContain("/pagination/offset");
    expect(text).not.toContain("secret-value");
  });
});

describe("validateSecurity", () => {
  test("wants all of one alternative", () => {
    const key = { "X-Subscription-Key": "k" };
    expect(validateSecurity("orders_list", { headers: { authorization: "Bearer t" } })).toEqual([]);
    expect(validateSecurity("token_create", { headers: { ...key, Authorization: `Basic ${btoa("a:b:c")}` } })).toEqual(
      [],
    );
    for (const headers of [{}, key, { authorization: "Bearer" }, { authorization: `Basic ${btoa("a:b")}` }]) {
      expect(placesOf(validateSecurity("orders_list", { headers }))).toEqual(["security  security"]);
    }
  });
});

describe("@imcloud/spec/validators", () => {
  const folder = new URL("./", import.meta.resolve("@imcloud/spec/validators"));

  test("depend on nothing, Node included", async () => {
    const files = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    expect(files).toContain("index.js");
    for (const name of files) {
      const source = await readFile(new URL(name, folder), "utf8");
      const imported = [...source.matchAll(/(?<!['`\w])(?:from|import|require)\s*\(?"([^"]+)"/g)].map(
        ([, path]) => path,
      );
      expect(imported.filter((path) => /^[\w@]/.test(path ?? ""))).toEqual([]);
      expect(source).not.toMatch(/\b(?:process|Buffer|__dirname)\b/);
    }
  });

  test("make no code when they run, so that a content security policy and workers allow them", async () => {
    const program = `
      import { validateRequest, validateResponse } from ${JSON.stringify(new URL("index.js", folder).href)};
      console.log(validateRequest("orders_list", { query: { limit: "0" } }).length, validateResponse("orders_list", 200, { body: [] }).length);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...["--disallow-code-generation-from-strings", "--input-type=module", "--eval", program],
    ]);
    expect(stdout.trim()).toBe("1 1");
  });

  test("come in files that a bundler can leave out one by one", async () => {
    const [request, response] = await Promise.all(
      ["validate-request.js", "validate-response.js"].map((name) => reachedFrom(name)),
    );
    const sizeOf = (files: Iterable<[string, string]>) =>
      [...files].reduce((size, [, source]) => size + source.length, 0);
    const shared = [...(request ?? [])].filter(([name]) => response?.has(name));
    expect(sizeOf(shared)).toBeLessThan(sizeOf(response ?? []) / 4);
    expect(JSON.parse(await readFile(new URL("../../package.json", folder), "utf8")).sideEffects).toBe(false);
  });

  /** A file and all that it imports, by name. */
  async function reachedFrom(name: string, reached = new Map<string, string>()): Promise<Map<string, string>> {
    if (reached.has(name)) return reached;
    const source = await readFile(new URL(name, folder), "utf8");
    reached.set(name, source);
    for (const [, path] of source.matchAll(/"\.\/([\w.-]+\.js)"/g)) await reachedFrom(String(path), reached);
    return reached;
  }
});
