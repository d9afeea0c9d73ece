import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readLeniently } from "../core/document/lenient-body.ts";
import { type Fault, type FaultKind, faultsOfHeader } from "../core/faults/fault.ts";
import { millisecondsOf } from "../core/faults/faults.ts";
import { quotaExceeded, rateLimited } from "../core/faults/limits.ts";
import type { Query } from "../core/messages/request.ts";
import {
  type ApiResponse,
  applicationError,
  CORRELATION_ID,
  frameworkError,
  gatewayError,
  HttpError,
  withCorrelation,
} from "../core/messages/responses.ts";
import type { Sandbox } from "../core/sandbox.ts";
import { credentials } from "../core/tokens.ts";
import type { Match, Prepared } from "../prism/document.ts";
import type { Engine } from "../prism/engine.ts";
import { CORS_HEADERS, preflightHeaders } from "./cors.ts";
import { readRequest, targetOf, withoutRegion } from "./read-request.ts";
import { type BodyFault, writeResponse } from "./write-response.ts";

const FAULT_HEADER = "x-mock-fault";
/** Seconds that a fault without its own asks to wait. */
const RETRY_AFTER = { rateLimit: 30, quota: 3 * 3600 };

const GATEWAY_TIMEOUT: ApiResponse = {
  statusCode: 504,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>",
};

/** What became of a request; without a response, its connection is broken. */
interface Outcome {
  response?: ApiResponse | undefined;
  bodyFault?: BodyFault;
}

/** A request on its way through the mock. */
interface RequestContext {
  path: string;
  query: Query;
  operation: Match | undefined;
  faults: Fault[];
  /** What is ignored of it, and what a client should write otherwise. */
  problems: string[];
}

/** Query parameters that the API ignores: a misspelt filter returns everything. */
const ignoredParameters = ({ operation, query }: RequestContext): string[] =>
  Object.keys(query)
    .filter((name) => operation && !operation.queryNames.has(name) && !name.startsWith("__"))
    .map((name) => `query parameter "${name}" is unknown and ignored`);

const messageOf = ({ body }: ApiResponse): string[] => {
  const { message, error } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = message ?? error;
  return typeof text === "string" ? [text] : [];
};

/**
 * Serves the API of a sandbox. Every request gets a response in one of the API's own shapes.
 * @param isStrict bodies are held against the document as they are, without the leniency of the platform
 */
export function createApiHandler(
  sandbox: Sandbox,
  { match, operationIds }: Prepared,
  engine: Engine,
  isStrict: boolean,
) {
  function faultsFor(request: IncomingMessage, operationId: string, path: string): Fault[] {
    const header = request.headers[FAULT_HEADER];
    try {
      const asked = typeof header === "string" ? faultsOfHeader(header, operationIds) : [];
      return [...asked, ...sandbox.faults.meet(operationId)];
    } catch (error) {
      throw new HttpError(applicationError(400, `X-Mock-Fault: ${(error as Error).message}`, path));
    }
  }

  /** What the gateway in front of the API says of a request; `undefined` when it lets it pass. */
  function checkGateway(request: IncomingMessage): ApiResponse | undefined {
    const key = request.headers["x-subscription-key"];
    // Not every installation has a gateway, so a key that is left out is not missed.
    if (key !== undefined && key !== credentials.subscriptionKey) {
      return gatewayError(401, "Access denied: the subscription key is not valid");
    }
    return sandbox.limits.check(sandbox.clock.now());
  }

  /** The operation of a path, with or without a region in front of it, which the context's path then has no more. */
  function find(method: string, context: RequestContext): ReturnType<typeof match> {
    const direct = match(method, context.path);
    const path = withoutRegion(context.path);
    if (direct !== "path" || path === undefined) return direct;
    const regional = match(method, path);
    if (regional !== "path") context.path = path;
    return regional;
  }

  async function perform(request: IncomingMessage, operation: Match, context: RequestContext): Promise<Outcome> {
    const { path, query, faults } = context;
    const fault = (kind: FaultKind) => faults.find((met) => met.kind === kind);
    const latency = fault("latency");
    if (latency) await sleep(millisecondsOf(latency));
    if (fault("dropBefore")) return {};
    const stopped = checkGateway(request);
    if (stopped) return { response: stopped };
    const [limit, quota, conflict] = [fault("rateLimit"), fault("quota"), fault("conflict")];
    if (limit) return { response: rateLimited(limit.retryAfter ?? RETRY_AFTER.rateLimit) };
    if (quota) return { response: quotaExceeded(quota.retryAfter || RETRY_AFTER.quota) };
    if (conflict) {
      const message = conflict.message ?? "Another order is being provisioned; wait for it to complete";
      return { response: applicationError(500, message, path) };
    }
    if (fault("expiredToken")) sandbox.tokens.revoke(request.headers.authorization);

    const read = await readRequest(request, path, query);
    sandbox.runDueEvents();
    const failsProvisioning = fault("orderError") !== undefined;
    const { body, problems } = readLeniently(operation.id, read.body, read.method === "post");
    context.problems.push(...problems);
    const note = (problem: string) => void context.problems.push(problem);
    const response = await engine({ ...read, body: isStrict ? read.body : body }, operation, {
      ...{ failsProvisioning, note },
    });
    sandbox.persist();

    if (fault("dropAfter")) return {};
    if (fault("gatewayTimeout")) return { response: GATEWAY_TIMEOUT };
    const slow = fault("slowBody");
    return { response, bodyFault: { slow: slow && millisecondsOf(slow), isCut: fault("cutBody") !== undefined } };
  }

  async function respond(request: IncomingMessage, context: RequestContext): Promise<Outcome> {
    Object.assign(context, targetOf(request));
    const found = find(String(request.method), context);
    const { path } = context;
    if (found === "path") return { response: frameworkError(404, path) };
    if (found === "method") return { response: frameworkError(405, path) };
    context.operation = found;
    context.faults = faultsFor(request, found.id, path);
    return perform(request, found, context);
  }

  async function outcomeOf(request: IncomingMessage, context: RequestContext): Promise<Outcome> {
    try {
      return await respond(request, context);
    } catch (error) {
      if (error instanceof HttpError) return { response: error.response };
      return { response: applicationError(500, `The mock failed: ${(error as Error).message}`, context.path) };
    }
  }

  return async (request: IncomingMessage, serverResponse: ServerResponse): Promise<void> => {
    if (request.method === "OPTIONS") {
      serverResponse.writeHead(204, preflightHeaders(request)).end();
      return;
    }
    const start = performance.now();
    const context: RequestContext = {
      path: request.url ?? "/",
      query: {},
      operation: undefined,
      faults: [],
      problems: [],
    };
    const outcome = await outcomeOf(request, context);
    const response = outcome.response && withCorrelation(outcome.response, sandbox.clock.now());
    sandbox.requests.add({
      time: new Date(sandbox.clock.now()).toISOString(),
      method: String(request.method),
      path: context.path,
      query: context.query,
      operation: context.operation?.id,
      status: response?.statusCode,
      milliseconds: Math.round(performance.now() - start),
      correlationId: response?.headers?.[CORRELATION_ID],
      problems: [
        ...context.problems,
        ...ignoredParameters(context),
        ...(response && response.statusCode >= 400 ? messageOf(response) : []),
      ],
      faults: context.faults.map(({ kind }) => kind),
    });
    if (!response) request.socket.destroy();
    else if (!serverResponse.destroyed) {
      const date = new Date(sandbox.clock.now()).toUTCString();
      const headers = { ...CORS_HEADERS, date, ...response.headers };
      writeResponse(serverResponse, { ...response, headers }, outcome.bodyFault);
    }
  };
}
