import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { IHttpOperation } from "@stoplight/types";
import { credentials } from "../api/sign-in.ts";
import { idOf, type Prepared } from "../engine/document.ts";
import type { Engine } from "../engine/engine.ts";
import type { Match } from "../engine/router.ts";
import { type Fault, type FaultKind, faultsOfHeader } from "../faults/fault.ts";
import { millisecondsOf } from "../faults/faults.ts";
import { quotaExceeded, rateLimited } from "../faults/limits.ts";
import type { Sandbox } from "../sandbox.ts";
import { type Answer, applicationError, CORRELATION_ID, frameworkError, gatewayError, stamped } from "./answers.ts";
import { Refused, read, targetOf } from "./read-request.ts";
import { type Spoiling, write } from "./write-answer.ts";

const METHODS = "GET, POST, PATCH, OPTIONS";
/** Shown to pages of other origins. */
const EXPOSED = "X-Correlation-ID, Retry-After, WWW-Authenticate";
const FAULT_HEADER = "x-mock-fault";
/** Seconds that a fault without its own asks to wait. */
const RETRY_AFTER = { rateLimit: 30, quota: 3 * 3600 };

const GATEWAY_TIMEOUT: Answer = {
  statusCode: 504,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>",
};

/** Any page may call the API from a browser. */
const FOR_BROWSERS = { "access-control-allow-origin": "*", "access-control-expose-headers": EXPOSED };

/** What a browser asks before it makes such a call. */
const permission = (request: IncomingMessage) => ({
  ...FOR_BROWSERS,
  "access-control-allow-methods": METHODS,
  "access-control-allow-headers": request.headers["access-control-request-headers"] ?? "*",
  "access-control-max-age": "600",
});

/** What became of a request; without an answer, its connection is broken. */
interface Outcome {
  answer?: Answer | undefined;
  spoiling?: Spoiling;
}

/** A request on its way. */
interface Visit {
  path: string;
  query: Record<string, string | string[]>;
  operation: IHttpOperation | undefined;
  faults: Fault[];
}

/** Query parameters that the API does not heed: a misspelt filter returns everything. */
function ignoredParameters({ operation, query }: Visit): string[] {
  const known = new Set(operation?.request?.query?.map(({ name }) => name));
  return Object.keys(query)
    .filter((name) => operation && !known.has(name) && !name.startsWith("__"))
    .map((name) => `query parameter "${name}" is unknown and ignored`);
}

const messageOf = ({ body }: Answer): string[] => {
  const { message, error } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const said = message ?? error;
  return typeof said === "string" ? [said] : [];
};

/** Serves the API of a sandbox. Every request gets an answer in one of the API's own shapes. */
export function createApiHandler(sandbox: Sandbox, { router, operations }: Prepared, engine: Engine) {
  const ids: ReadonlySet<string> = new Set(operations.map(idOf));

  function faultsOf(request: IncomingMessage, operation: IHttpOperation, path: string): Fault[] {
    const header = request.headers[FAULT_HEADER];
    try {
      const asked = typeof header === "string" ? faultsOfHeader(header, ids) : [];
      return [...asked, ...sandbox.faults.meet(idOf(operation))];
    } catch (error) {
      throw new Refused(applicationError(400, `X-Mock-Fault: ${(error as Error).message}`, path));
    }
  }

  /** What the gateway in front of the API says of a request; `undefined` when it lets it pass. */
  function gateway(request: IncomingMessage): Answer | undefined {
    const key = request.headers["x-subscription-key"];
    // Not every installation has a gateway, so a key that is left out is not missed.
    if (key !== undefined && key !== credentials.subscriptionKey) {
      return gatewayError(401, "Access denied: the subscription key is not valid");
    }
    return sandbox.limits.refuse(sandbox.clock.now());
  }

  async function perform(request: IncomingMessage, match: Match, visit: Visit): Promise<Outcome> {
    const { path, query, faults } = visit;
    const fault = (kind: FaultKind) => faults.find((met) => met.kind === kind);
    const latency = fault("latency");
    if (latency) await sleep(millisecondsOf(latency));
    if (fault("dropBefore")) return {};
    const refused = gateway(request);
    if (refused) return { answer: refused };
    const [limit, quota, conflict] = [fault("rateLimit"), fault("quota"), fault("conflict")];
    if (limit) return { answer: rateLimited(limit.retryAfter ?? RETRY_AFTER.rateLimit) };
    if (quota) return { answer: quotaExceeded(quota.retryAfter || RETRY_AFTER.quota) };
    if (conflict) {
      const message = conflict.message ?? "Another order is being provisioned; wait for it to complete";
      return { answer: applicationError(500, message, path) };
    }
    if (fault("expiredToken")) sandbox.tokens.end(request.headers.authorization);

    const asked = await read(request, path, query);
    sandbox.catchUp();
    const answer = await engine(asked, match, fault("orderError") !== undefined);
    sandbox.keep();

    if (fault("dropAfter")) return {};
    if (fault("gatewayTimeout")) return { answer: GATEWAY_TIMEOUT };
    const slow = fault("slowBody");
    return { answer, spoiling: { slow: slow && millisecondsOf(slow), isCut: fault("cutBody") !== undefined } };
  }

  async function visitOf(request: IncomingMessage, visit: Visit): Promise<Outcome> {
    const { path, query } = targetOf(request);
    Object.assign(visit, { path, query });
    const match = router.find(String(request.method).toLowerCase(), path);
    if (match === "path") return { answer: frameworkError(404, path) };
    if (match === "method") return { answer: frameworkError(405, path) };
    visit.operation = match.operation;
    visit.faults = faultsOf(request, match.operation, path);
    return perform(request, match, visit);
  }

  async function outcomeOf(request: IncomingMessage, visit: Visit): Promise<Outcome> {
    try {
      return await visitOf(request, visit);
    } catch (error) {
      if (error instanceof Refused) return { answer: error.answer };
      return { answer: applicationError(500, `The mock failed: ${(error as Error).message}`, visit.path) };
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method === "OPTIONS") {
      response.writeHead(204, permission(request)).end();
      return;
    }
    const start = performance.now();
    const visit: Visit = { path: request.url ?? "/", query: {}, operation: undefined, faults: [] };
    const { answer: given, spoiling } = await outcomeOf(request, visit);
    const answer = given && stamped(given, sandbox.clock.now());
    sandbox.requests.add({
      time: new Date(sandbox.clock.now()).toISOString(),
      method: String(request.method),
      path: visit.path,
      query: visit.query,
      operation: visit.operation && idOf(visit.operation),
      status: answer?.statusCode,
      milliseconds: Math.round(performance.now() - start),
      correlationId: answer?.headers?.[CORRELATION_ID],
      problems: [...ignoredParameters(visit), ...(answer && answer.statusCode >= 400 ? messageOf(answer) : [])],
      faults: visit.faults.map(({ kind }) => kind),
    });
    if (!answer) request.socket.destroy();
    else if (!response.destroyed) {
      const date = new Date(sandbox.clock.now()).toUTCString();
      write(response, { ...answer, headers: { ...FOR_BROWSERS, date, ...answer.headers } }, spoiling);
    }
  };
}
