import openApiFetch from "openapi-fetch";
import { describe, expect, test } from "vitest";
import { apiOf, failureOf, json } from "../testing.ts";

type Respond = (request: Request, count: number) => Response | Promise<Response>;
type Calls = Record<"GET" | "POST", (path: string, init?: object) => Promise<{ response: Response }>>;

/** The outcome of a call: the request that was sent and the result. */
async function outcomeOf(http: Calls, sent: Request[], call: (http: Calls) => Promise<{ response: Response }>) {
  const result = await call(http).then(
    ({ response, ...rest }) => ({ ...rest, status: response.status }),
    (error: Error) => ({ error: error.message }),
  );
  const requests = await Promise.all(
    sent.map(async (request) => [
      `${request.method} ${request.url}`,
      request.headers.get("content-type"),
      request.headers.get("x-mark"),
      await request.text(),
    ]),
  );
  return { result, requests };
}

/** The same call by openapi-fetch itself, and by `http`. */
async function bothOf(respond: Respond, call: (http: Calls) => Promise<{ response: Response }>) {
  const sent: Request[] = [];
  const fetch = async (request: Request) => {
    sent.push(request.clone());
    return respond(request, sent.length);
  };
  const theirs = openApiFetch({ baseUrl: "https://api.example/marketplace", fetch }) as unknown as Calls;
  const { imcloud, calls } = apiOf(respond, { retry: false });
  return {
    theirs: await outcomeOf(theirs, sent, call),
    ours: await outcomeOf(imcloud.http as unknown as Calls, calls, call),
  };
}

const customer = { id: "1", name: "Brightwater Dental Group" };
const path = { id: "1" };
const found: Respond = () => json(customer);

describe("client.http", () => {
  test.each<[what: string, call: (http: Calls) => Promise<{ response: Response }>, respond?: Respond]>([
    ["a value in the path", (http) => http.GET("/customers/{id}", { params: { path: { id: "a/b ä" } } })],
    ["a number in the path", (http) => http.GET("/customers/{id}", { params: { path: { id: 7 } } })],
    ["a body", (http) => http.POST("/customers", { body: { name: "Ä" } })],
    ["a type of its own", (http) => http.POST("/a", { body: {}, headers: { "Content-Type": "application/a+json" } })],
    [
      "a form",
      (http) =>
        http.POST("/a", { body: { a: "1 2" }, headers: { "content-type": "application/x-www-form-urlencoded" } }),
    ],
    ["a body of its own", (http) => http.POST("/a", { body: 1, bodySerializer: (body: number) => `<${body}>` })],
    ["several values", (http) => http.GET("/a", { params: { query: { a: ["1", "2"], b: undefined, c: true } } })],
    [
      "values in one",
      (http) =>
        http.GET("/a", {
          params: { query: { a: [1, 2] } },
          querySerializer: { array: { style: "form", explode: false } },
        }),
    ],
    ["a query of its own", (http) => http.GET("/a", { params: { query: { a: {} } }, querySerializer: () => "?b=1" })],
    [
      "a path of its own",
      (http) => http.GET("/a", { params: { path: {} }, pathSerializer: (url: string) => `${url}/b` }),
    ],
    [
      "headers",
      (http) => http.GET("/a", { headers: { "x-mark": ["one", "two"] }, params: { header: { "x-other": 1 } } }),
    ],
    [
      "a header taken away",
      (http) => http.GET("/a", { headers: { "X-Mark": "one" }, params: { header: { "x-mark": null } } }),
    ],
    ["headers of the platform's", (http) => http.GET("/a", { headers: new Headers({ "x-mark": "one" }) })],
    ["a refusal in JSON", (http) => http.GET("/a"), () => json({ message: "no" }, { status: 404 })],
    ["a refusal in words", (http) => http.GET("/a"), () => new Response("no", { status: 404 })],
    ["no content", (http) => http.POST("/a"), () => new Response(null, { status: 204 })],
    ["a text", (http) => http.GET("/a", { parseAs: "text" }), () => new Response("a,b")],
    ["an empty success", (http) => http.GET("/a"), () => new Response("")],
  ])("sends and gives what openapi-fetch does: %s", async (_what, call, respond = found) => {
    const { theirs, ours } = await bothOf(respond, call);
    expect(ours).toEqual(theirs);
  });

  /** Two middlewares, the second with some hooks of its own. */
  const around = (trace: string[], hooks: Record<string, (context: never) => unknown>) => [
    {
      onRequest: () => void trace.push("one: request"),
      onResponse: ({ response }: { response: Response }) => void trace.push(`one: ${response.status}`),
      onError: ({ error }: { error: Error }) => void trace.push(`one: ${error.name}`),
    },
    hooks,
    { onRequest: () => void trace.push("three: request"), onResponse: () => void trace.push("three: response") },
  ];
  test.each<[what: string, hooks: Record<string, (context: never) => unknown>, respond?: Respond]>([
    ["see the call", { onRequest: () => {} }],
    [
      "send another request",
      { onRequest: ({ request }: { request: Request }) => new Request(`${request.url}/more`, request) },
    ],
    ["respond in its place", { onRequest: () => json({ id: "2" }) }],
    ["give another response", { onResponse: () => json({ id: "3" }, { status: 201 }) }],
  ])("runs middlewares that %s as openapi-fetch does", async (_what, hooks, respond = found) => {
    const traces: string[][] = [];
    const { theirs, ours } = await bothOf(respond, (http) => {
      const trace: string[] = [];
      traces.push(trace);
      return http.GET("/customers/{id}", { params: { path }, middleware: around(trace, hooks) });
    });
    expect(ours).toEqual(theirs);
    expect(traces[1]).toEqual(traces[0]);
    expect(traces[0]).toContain("one: request");
  });

  test("tells middlewares of the call", async () => {
    const { imcloud } = apiOf(found);
    const seen: object[] = [];
    const middleware = [{ onRequest: (context: object) => void seen.push(context) }];
    await imcloud.http.GET("/customers/{id}", { params: { path }, middleware } as never);
    expect(seen).toMatchObject([
      {
        schemaPath: "/customers/{id}",
        params: { path },
        id: expect.any(String),
        options: { baseUrl: "https://api.example/marketplace", parseAs: "json" },
      },
    ]);
  });

  const lost = () => Promise.reject(new TypeError("fetch failed"));
  test("lets a middleware recover from an error or replace it, in reverse order", async () => {
    const { imcloud } = apiOf(lost, { retry: false });
    const get = (...hooks: (() => unknown)[]) =>
      imcloud.http.GET("/plans", { middleware: hooks.map((onError) => ({ onError })) } as never);
    expect(await failureOf(get(() => undefined))).toMatchObject({ name: "ConnectionError" });
    expect(
      await failureOf(
        get(
          () => undefined,
          () => new Error("another"),
        ),
      ),
    ).toMatchObject({ message: "another" });
    const recovered = await get(
      () => {
        throw new Error("nobody asks it any more");
      },
      () => json(customer),
    );
    expect(recovered.data).toEqual(customer);
  });

  test.each<[what: string, init: object, message: string]>([
    ["a number that is none", { body: { quantity: Number.NaN } }, "quantity must be a number that JSON can hold"],
    ["a Map", { body: new Map([["name", "A"]]) }, "must be an object whose fields can be seen; got Map."],
    ["a header of several lines", { headers: { "x-mark": "one\ntwo" } }, "has a header whose name or value no header"],
    ["an object in the path", { params: { path: { id: {} } } }, "The path of a call by http: id must be a string or a"],
    ["an option of fetch that no call of the client has", { cache: "no-store" }, "init.cache is not an option."],
    [
      "a misspelled hook",
      { middleware: [{ onReqest() {} }] },
      "init.middleware must be an array of objects with onRequest",
    ],
  ])("refuses %s before anything is sent", async (_what, init, message) => {
    const { imcloud, calls } = apiOf(found);
    const error = await failureOf(imcloud.http.POST("/customers", init as never));
    expect(error).toMatchObject({ name: "TypeError", message: expect.stringContaining(message) });
    expect(calls).toEqual([]);
  });
});
