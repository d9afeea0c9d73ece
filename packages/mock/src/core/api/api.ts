import type { Backend } from "../backend.ts";
import { readLeniently } from "../document/lenient-body.ts";
import { readQueryLeniently } from "../document/lenient-query.ts";
import { matchPath, operationIds, type Route } from "../document/router.ts";
import { type Fault, type FaultKind, faultsOfHeader } from "../faults/fault.ts";
import { millisecondsOf, orderStopOf } from "../faults/faults.ts";
import { quotaExceeded, rateLimited } from "../faults/limits.ts";
import { formatValue } from "../format-value.ts";
import { parseRequest, targetOf, unreadableBody, withoutRegion } from "../messages/read-request.ts";
import type { ApiRequest, IncomingRequest, Query } from "../messages/request.ts";
import {
  type ApiResponse,
  applicationError,
  BrokenConnection,
  CORRELATION_ID,
  frameworkError,
  gatewayError,
  HttpError,
  json,
  withCorrelation,
} from "../messages/responses.ts";
import type { CallContext } from "../operations/handler.ts";
import { httpDateOf } from "../store/dates.ts";
import { credentials } from "../tokens.ts";
import { corsHeaders, preflight } from "./cors.ts";

const FAULT_HEADER = "x-mock-fault";
/** The default seconds of `Retry-After` for a fault. */
const RETRY_AFTER = { rateLimit: 30, quota: 3 * 3600 };

/** Names the content codings that are supported (RFC 9110 §12.5.3). */
const READABLE = { "accept-encoding": "identity" };

const GATEWAY_TIMEOUT: ApiResponse = {
  statusCode: 504,
  headers: { "content-type": "text/html" },
  body: "<html><head><title>504 Gateway Time-out</title></head><body><h1>504 Gateway Time-out</h1></body></html>",
};

/** What an engine needs of a call besides its request. */
export type EngineCall = Pick<CallContext, "orderStop" | "note">;

/** Responds to a request whose operation is known: checks security and the request, and performs the operation. */
export type Engine = (request: ApiRequest, route: Route, call: EngineCall) => Promise<ApiResponse>;

/** A fault while the body of a response is sent. */
export interface BodyFault {
  /** Milliseconds over which it is sent. */
  slow?: number | undefined;
  /** Whether the connection is broken in the middle of it. */
  isCut?: boolean | undefined;
}

/** The outcome of a request. Without a response, its connection is broken. */
export interface Outcome {
  response?: ApiResponse | undefined;
  bodyFault?: BodyFault;
}

/** The API of a mock, independent of the transport. */
export type Api = (request: IncomingRequest) => Promise<Outcome>;

/** A request on its way through the mock. */
interface RequestContext {
  path: string;
  query: Query;
  route: Route | undefined;
  faults: readonly Fault[];
  /** The length of its body in bytes, and its text, once it was read. */
  bytes: number;
  text: string;
  /** Problems for the request log: ignored parts, and what a client should write differently. */
  problems: string[];
}

/** Query parameters by which stock Prism takes preferences. */
const PRISM_PARAMETERS: ReadonlySet<string> = new Set(["__code", "__example", "__dynamic", "__seed"]);

/** Unknown query parameters, which the API ignores: a misspelled filter returns everything. */
const ignoredParameters = ({ route, query }: RequestContext): string[] =>
  Object.keys(query)
    .filter((name) => route && !route.queryNames.has(name) && !PRISM_PARAMETERS.has(name))
    .map((name) => `query parameter "${name}" is unknown and ignored`);

const messageOf = ({ body }: ApiResponse): string[] => {
  const { message, error } = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  const text = message ?? error;
  return typeof text === "string" ? [text] : [];
};

/** The methods of a path: HEAD is served wherever GET is, and OPTIONS everywhere. */
const allowedOf = (methods: readonly string[]): string =>
  [...methods.flatMap((method) => (method === "GET" ? [method, "HEAD"] : [method])), "OPTIONS"].join(", ");

/**
 * Finds the operation of a path, with or without a region in front, and removes the region from the context's path.
 * @throws {@link HttpError} where there is none
 */
function findRoute(sent: string, context: RequestContext): Route {
  const method = sent === "HEAD" ? "GET" : sent;
  let match = matchPath(method, context.path);
  const path = match.kind === "pathUnknown" ? withoutRegion(context.path) : undefined;
  if (path !== undefined) {
    match = matchPath(method, path);
    if (match.kind !== "pathUnknown") context.path = path;
  }
  if (match.kind === "match") return { ...match.value, params: match.parameters };
  if (match.kind === "pathUnknown") throw new HttpError(frameworkError(404, context.path));
  throw new HttpError(frameworkError(405, context.path, { allow: allowedOf(match.allowed) }));
}

/**
 * Makes the API of a mock. Every response, errors included, has one of the API's shapes.
 * @param basePath the path of the API, such as `/marketplace`
 * @param isStrict whether bodies and queries are validated without the platform's leniency
 */
export function createApi(backend: Backend, engine: Engine, basePath: string, isStrict = false): Api {
  const { requireKey, corsCredentials } = backend.gateway;

  function faultsFor({ headers }: IncomingRequest, operationId: string, path: string): readonly Fault[] {
    const header = headers[FAULT_HEADER];
    if (header === undefined) return backend.faults.meet(operationId);
    try {
      const asked = faultsOfHeader(header, operationIds);
      const met = asked.filter(({ operation = operationId }) => operation === operationId);
      return [...met, ...backend.faults.meet(operationId)];
    } catch (error) {
      throw new HttpError(applicationError(400, `X-Mock-Fault: ${(error as Error).message}`, path));
    }
  }

  /** The gateway's error for a request; `undefined` if the request may pass. */
  function checkGateway({ headers }: IncomingRequest): ApiResponse | undefined {
    const key = headers["x-subscription-key"];
    if (key === undefined && requireKey) {
      return gatewayError(401, "Access denied: the subscription key is missing; send it as X-Subscription-Key");
    }
    if (key !== undefined && key !== credentials.subscriptionKey) {
      return gatewayError(401, "Access denied: the subscription key is not valid");
    }
    return backend.limits.check(backend.clock.now());
  }

  /** The response of a fault that ends a call before its operation; `undefined` without such a fault. */
  function stopped(request: IncomingRequest, { path, faults }: RequestContext): ApiResponse | undefined {
    const fault = (kind: FaultKind) => faults.find((met) => met.kind === kind);
    const atGateway = checkGateway(request);
    if (atGateway) return atGateway;
    const [limit, quota, conflict] = [fault("rateLimit"), fault("quota"), fault("conflict")];
    if (limit) return rateLimited(limit.retryAfter ?? RETRY_AFTER.rateLimit);
    if (quota) return quotaExceeded(quota.retryAfter || RETRY_AFTER.quota);
    if (!conflict) return undefined;
    const message = conflict.message ?? "Another order is being provisioned; wait for it to complete";
    return applicationError(500, message, path);
  }

  async function read(request: IncomingRequest, context: RequestContext): Promise<ApiRequest> {
    const { path, query } = context;
    const bytes = await request.readBody(path);
    context.bytes = bytes.length;
    const unreadable = bytes.length ? unreadableBody(request.headers) : undefined;
    if (unreadable !== undefined) throw new HttpError(applicationError(415, unreadable, path, READABLE));
    // HEAD is a GET whose body is left out when it is written.
    const method = request.method === "HEAD" ? "GET" : request.method;
    const parsed = parseRequest({ method, headers: request.headers }, path, query, bytes);
    context.text = parsed.text;
    return parsed;
  }

  async function perform(request: IncomingRequest, route: Route, context: RequestContext): Promise<Outcome> {
    const { faults } = context;
    const fault = (kind: FaultKind) => faults.find((met) => met.kind === kind);
    const latency = fault("latency");
    if (latency && !(await backend.delays.sleep(millisecondsOf(latency)))) return {};
    if (fault("dropBefore")) return {};
    const early = stopped(request, context);
    if (early) {
      // For the request log, which has the body of failed requests too.
      await read(request, context).catch(() => {});
      return { response: early };
    }
    if (fault("expiredToken")) backend.tokens.revoke(request.headers.authorization);

    const parsed = await read(request, context);
    const caughtUp = backend.catchUp();
    if (caughtUp) await caughtUp;
    const body = readLeniently(route.id, parsed.body, parsed.method === "post");
    const target = readQueryLeniently(parsed.query, route);
    context.problems.push(...body.problems, ...(isStrict ? [] : target.problems));
    const note = (problem: string) => void context.problems.push(problem);
    const lenient = { ...parsed, body: body.body, query: target.query };
    const response = await engine(isStrict ? parsed : lenient, route, { orderStop: orderStopOf(faults), note });

    if (fault("dropAfter")) return {};
    if (fault("gatewayTimeout")) return { response: GATEWAY_TIMEOUT };
    const slow = fault("slowBody");
    return { response, bodyFault: { slow: slow && millisecondsOf(slow), isCut: fault("cutBody") !== undefined } };
  }

  function respond(request: IncomingRequest, context: RequestContext): Outcome | Promise<Outcome> {
    Object.assign(context, targetOf(request, basePath));
    const isRead = request.method === "GET" || request.method === "HEAD";
    // Readiness checks call the base URL.
    if (isRead && context.path === "/") return { response: json(200, { message: "The API responds here." }) };
    const route = findRoute(request.method, context);
    context.route = route;
    context.faults = faultsFor(request, route.id, context.path);
    return perform(request, route, context);
  }

  async function outcomeOf(request: IncomingRequest, context: RequestContext): Promise<Outcome> {
    try {
      return await respond(request, context);
    } catch (error) {
      if (error instanceof HttpError) return { response: error.response };
      if (error instanceof BrokenConnection) return {};
      // An override may throw anything.
      const reason = error instanceof Error ? error.message : formatValue(error);
      return { response: applicationError(500, `The mock failed: ${reason}`, context.path) };
    }
  }

  return async (request) => {
    if (request.method === "OPTIONS") return { response: preflight(request, backend.clock.now(), corsCredentials) };
    const start = performance.now();
    const context: RequestContext = {
      path: request.target,
      query: {},
      route: undefined,
      faults: [],
      bytes: 0,
      text: "",
      problems: [],
    };
    const { response: given, ...outcome } = await outcomeOf(request, context);
    const now = backend.clock.now();
    const response = given && withCorrelation(given, now);
    context.problems.push(...ignoredParameters(context));
    if (response && response.statusCode >= 400) context.problems.push(...messageOf(response));
    backend.requests.add(
      {
        time: now,
        method: request.method,
        path: context.path,
        query: context.query,
        headers: request.headers,
        text: context.text,
        operation: context.route?.id,
        status: response?.statusCode,
        milliseconds: Math.round(performance.now() - start),
        correlationId: response?.headers?.[CORRELATION_ID],
        problems: context.problems,
        faults: context.faults.map(({ kind }) => kind),
      },
      context.bytes,
    );
    if (!response) return outcome;
    const headers = {
      ...corsHeaders(request, corsCredentials),
      date: httpDateOf(now),
      ...response.headers,
    };
    return { ...outcome, response: { ...response, headers } };
  };
}
