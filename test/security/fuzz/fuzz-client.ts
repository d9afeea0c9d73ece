import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { createClient, type ImcloudClient, isMarketplaceError } from "@imcloud/client";
import { validator } from "@imcloud/client/validate";
import { Random } from "../../support/random.ts";
import { below, type FuzzOptions, type FuzzResult, runFuzz } from "./run-fuzz.ts";

const SECRETS = ["p4ss-of-the-user", "k3y-of-the-gateway", "t0ken-of-the-session"];
const NASTY = "\u001b]0;x\u0007\u202e\r\nline\u2028\ud800 \u{e0041}";
const BOMB = gzipSync(Buffer.alloc(20_000_000, "[").fill("]", 10_000_000));
const SPACES = gzipSync(Buffer.alloc(20_000_000, " "));

/** Random JSON of a server, some of it similar to the expected one. */
function anyValue(pick: Random, depth = 0): unknown {
  const leaf = pick.pick<unknown>([
    ...[null, true, "", "0", -1, 1e308, 2 ** 60, NASTY, "x".repeat(below(pick, 3_000)), "__proto__", [], {}],
    ...["2026-01-01T00:00:00Z", "no entity ".repeat(below(pick, 500)), ...SECRETS],
  ]);
  if (depth > 4 || below(pick, 3) === 0) return leaf;
  if (below(pick, 2)) return Array.from({ length: below(pick, 8) }, () => anyValue(pick, depth + 1));
  const names =
    "id data pagination total offset limit message correlationId status statusCode name poNumber orderNumber creationDate downloadUrl products parameters value error".split(
      " ",
    );
  return Object.fromEntries(
    Array.from({ length: below(pick, 10) }, () => [
      pick.pick([...names, NASTY, "__proto__"]),
      anyValue(pick, depth + 1),
    ]),
  );
}

/** A random hostile body. */
function anyBody(pick: Random): string | Buffer {
  const page = () => ({
    data: Array.from({ length: below(pick, 50) }, () => anyValue(pick)),
    pagination: anyValue(pick),
  });
  return pick.pick<() => string | Buffer>([
    () => JSON.stringify(anyValue(pick)),
    () => JSON.stringify(page()),
    () =>
      JSON.stringify({
        data: Array(below(pick, 30_000)).fill({ id: below(pick, 3), status: 7 }),
        pagination: { total: below(pick, 1e9) },
      }),
    () => JSON.stringify({ message: `${NASTY}${SECRETS.join(" ")}`.repeat(below(pick, 2_000)) }),
    () => "[".repeat(below(pick, 200_000)),
    () => `${'{"data":['.repeat(below(pick, 50_000))}`,
    () => `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
    () => `{"data":[${"[".repeat(9_000)}${"]".repeat(9_000)}],"pagination":{"total":1}}`,
    () => `<html>${NASTY.repeat(below(pick, 1_000))}`,
    () => Buffer.from(Array.from({ length: below(pick, 2_000) }, () => below(pick, 256))),
    () => "",
  ])();
}

function respond(pick: Random, trap: string, response: ServerResponse): void {
  const status = pick.pick([
    200, 200, 200, 200, 201, 202, 204, 206, 299, 301, 302, 307, 400, 401, 403, 404, 409, 429, 500, 502, 503, 520, 599,
  ]);
  const headers: Record<string, string> = {
    "content-type": pick.pick(["application/json", "text/html", "application/json; charset=utf-16", "", "a/b"]),
    ...(below(pick, 2) && { "x-correlation-id": `c\u009b${"x".repeat(below(pick, 3_000))}` }),
    ...(below(pick, 3) === 0 && {
      "retry-after": pick.pick(["0", "-1", "1e9", "NaN", "Thu, 01 Jan 1970 00:00:00 GMT", "9".repeat(400), "0, 0"]),
    }),
    ...(status >= 300 &&
      status < 400 && {
        location: pick.pick([`${trap}/x`, "//other.example", "javascript:1", `\u00e9${"a".repeat(500)}`]),
      }),
    ...(below(pick, 8) === 0 && { "set-cookie": `a=${"b".repeat(2_000)}` }),
  };
  const how = below(pick, 20);
  if (how === 0) return void response.destroy();
  if (how === 1)
    return void response.writeHead(status, { ...headers, "content-encoding": "gzip" }).end(pick.pick([BOMB, SPACES]));
  if (how === 2) return void response.writeHead(status, { ...headers, "content-encoding": "gzip" }).end("no gzip");
  const body = anyBody(pick);
  if (how === 3) {
    response.writeHead(status, { ...headers, "content-length": String(body.length + 10) });
    response.write(body, () => response.destroy());
    return;
  }
  response.writeHead(status, pick.pick(["OK", "caf\u009b", ""]), headers).end(body);
}

/** Every way of calling the API. */
const CALLS: readonly ((imcloud: ImcloudClient) => PromiseLike<unknown>)[] = [
  (imcloud) => imcloud.customers.get("1"),
  (imcloud) => imcloud.customers.list(),
  (imcloud) => imcloud.customers.list().toArray({ max: 5_000 }),
  (imcloud) => imcloud.orders.list({ status: ["completed", "error"] }).toArray({ max: 5_000 }),
  (imcloud) => imcloud.orders.create({ type: "sales", customerId: "1", products: [{ id: "2", quantity: 1 }] }),
  (imcloud) =>
    imcloud.orders.createOnce(
      { type: "sales", customerId: "1", poNumber: "PO-1", products: [{ id: "2", quantity: 1 }] } as never,
      { settleTimeout: 50, maxAttempts: 2 },
    ),
  (imcloud) => imcloud.orders.details({})[Symbol.asyncIterator]().next(),
  (imcloud) => imcloud.subscriptions.changeSeats("1", { to: 3 }),
  (imcloud) => imcloud.reports.download("1").then((download) => download.cancel()),
  (imcloud) => imcloud.request("PATCH", "/anything", { body: {} }),
  (imcloud) => imcloud.http.GET("/orders"),
];

/** Other errors that may be thrown: `http` throws the platform's own for invalid JSON. */
const KNOWN = ["TypeError", "AbortError", "SyntaxError"];

/** What is wrong with an error; `undefined` if nothing is. */
function faultOf(error: unknown): string | undefined {
  const { name, message } = error as Error;
  if (!isMarketplaceError(error) && !KNOWN.includes(name)) return `${name}: ${message}`;
  if (name === "SyntaxError") return undefined;
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(message) || message.length > 4_100)
    return `not one line: ${inspect(message).slice(0, 200)}`;
  const shown = inspect(error, { depth: 6 });
  // Without the token, as it is known only after a sign-in: a refused one can repeat any text.
  const secret = SECRETS.slice(0, 2).find((value) => shown.includes(value));
  return secret ? `shows ${secret}` : undefined;
}

/** Calls an API with random hostile responses: every call has to settle, with a clear error if it fails, and to send nothing to another host. */
export async function fuzzClient(options: FuzzOptions): Promise<FuzzResult> {
  const pick = new Random(options.seed);
  const stolen: string[] = [];
  const serve = async (listener: (request: IncomingMessage, response: ServerResponse) => void) => {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  };
  const trap = await serve((request, response) => {
    if (request.headers.authorization || request.headers["x-subscription-key"]) stolen.push(String(request.url));
    response.end("trap");
  });
  const api = await serve((request, response) => {
    request.resume();
    const isSignIn = request.url === "/token" && below(pick, 10) > 0;
    if (isSignIn) response.end(JSON.stringify({ token: SECRETS[2], expiresInSeconds: 1_500 }));
    else respond(pick, trap.url, response);
  });
  const client = () =>
    createClient({
      ...{ baseUrl: api.url, marketplace: "us", auth: { username: "a.api", password: String(SECRETS[0]) } },
      ...{ subscriptionKey: String(SECRETS[1]), rateLimit: false, timeout: 5_000, maxResponseBytes: 5_000_000 },
      retry: below(pick, 2) ? false : { limit: 1, minDelay: 0, maxDelay: 1, maxRetryAfter: 1 },
      ...(below(pick, 2) && { validate: validator({ onDifference: pick.pick(["warn", "throw"]) }) }),
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      logLevel: "debug",
    });
  let imcloud = client();
  try {
    return await runFuzz(options, async (count) => {
      if (count % 20 === 0) imcloud = client();
      try {
        await pick.pick(CALLS)(imcloud);
      } catch (error) {
        return faultOf(error);
      }
      return stolen.length ? `sent to another host: ${stolen[0]}` : undefined;
    });
  } finally {
    for (const { server } of [api, trap]) {
      server.closeAllConnections();
      server.close();
    }
  }
}
