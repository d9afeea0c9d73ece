import { createRequire } from "node:module";
import type { IHttpRequest, IHttpResponse, PrismHttpComponents } from "@stoplight/prism-http";
import type { IHttpOperation, IMediaTypeContent } from "@stoplight/types";
import { type Either, isLeft, left, right } from "fp-ts/lib/Either.js";
import { bodyCheck, type Check, type Diagnostic, fieldsCheck, INPUT, OUTPUT } from "./schema-checks.ts";
import { createSecurityCheck } from "./security-check.ts";

type Components = Pick<PrismHttpComponents, "validateInput" | "validateOutput" | "validateSecurity">;

// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const require = createRequire(import.meta.url);
const {
  validateQuery,
}: typeof import("@stoplight/prism-http/dist/validator/validators/index.js") = require("@stoplight/prism-http/dist/validator/validators/index.js");
const prism: Components = require("@stoplight/prism-http/dist/validator/index.js");

const JSON_TYPE = "application/json";

/** What was found; `undefined` where Prism has to look itself. */
type Found = readonly Diagnostic[] | undefined;

/** Prism's verdict on something: the faults, or the thing itself. */
function verdict<T>(found: readonly Diagnostic[], value: T): Either<[Diagnostic, ...Diagnostic[]], T> {
  const [first, ...more] = found;
  return first ? left([first, ...more]) : right(value);
}

const parseJson = (contents: readonly IMediaTypeContent[] | undefined) =>
  contents?.find(({ mediaType }) => mediaType === JSON_TYPE);

function hasKeys(object: object | undefined): boolean {
  for (const _ in object) return true;
  return false;
}

function lowerCased(headers: Record<string, string>): Record<string, string | undefined> {
  const lower: Record<string, string | undefined> = {};
  for (const name in headers) lower[name.toLowerCase()] = headers[name];
  return lower;
}

/** How an answer of one status is checked. */
interface ResponseCheck {
  body: Check;
  headers: Check | undefined;
}

/** The checks of an operation, with what is the same for every request looked up before. */
function prepare(operation: IHttpOperation, paramsOf: (request: IHttpRequest) => Readonly<Record<string, string>>) {
  const { request = {}, responses } = operation;
  const bundle = (operation as { __bundled__?: unknown }).__bundled__;
  const isNeeded = (specs: readonly { required?: boolean }[] = []) => specs.some(({ required }) => required);
  const [query = [], headers = [], path = []] = [request.query, request.headers, request.path];
  const [isQueryNeeded, areHeadersNeeded] = [isNeeded(query), isNeeded(headers)];
  const headerNames = headers.map(({ name }) => name.toLowerCase());
  const body = parseJson(request.body?.contents);
  const checkBody = body && bodyCheck(body, INPUT, bundle);
  const checkPath = fieldsCheck(path, INPUT, "path", bundle);
  const checkHeaders = fieldsCheck(headers, INPUT, "header", bundle);
  const byStatus = new Map(
    responses.map((response): [string, ResponseCheck | undefined] => {
      const content = parseJson(response.contents);
      const checks = content && {
        body: bodyCheck(content, OUTPUT, bundle),
        headers: fieldsCheck(response.headers ?? [], OUTPUT, "header", bundle),
      };
      return [response.code, checks];
    }),
  );

  return {
    /** Undefined for a request that is not plain JSON, or without a body that is due. */
    input(sent: IHttpRequest): Found {
      if (!checkPath || !checkHeaders) return undefined;
      const { url, headers: given = {} } = sent;
      const found: Diagnostic[] = [];
      if (sent.body !== undefined || request.body) {
        if (!checkBody || sent.body === undefined || given["content-type"] !== JSON_TYPE) return undefined;
        found.push(...checkBody(sent.body));
      }
      if (isQueryNeeded || hasKeys(url.query)) {
        const checked = validateQuery(url.query ?? {}, query, INPUT, bundle);
        if (isLeft(checked)) found.push(...checked.left);
      }
      if (areHeadersNeeded || headerNames.some((name) => given[name] !== undefined)) {
        found.push(...checkHeaders(lowerCased(given)));
      }
      if (path.length) found.push(...checkPath(lowerCased(paramsOf(sent))));
      return found;
    },
    /** Undefined for a status or a content type that may not be documented. */
    output({ statusCode, headers: given = {}, body: sent }: IHttpResponse): Found {
      const checks = byStatus.get(String(statusCode));
      if (!checks?.headers || given["content-type"] !== JSON_TYPE) return undefined;
      return [...checks.body(sent), ...checks.headers(lowerCased(given))];
    },
  };
}

/**
 * Prism's checks of requests and answers, by Prism's own validators. What Prism works out anew for every request (which response a
 * status means, which content a media type, what stands in the path) is worked out once for each operation; what is out of the
 * ordinary goes to Prism as a whole.
 * @param paramsOf the values of the path's parameters of a request
 */
export function createChecks(
  operations: readonly IHttpOperation[],
  paramsOf: (request: IHttpRequest) => Readonly<Record<string, string>>,
): Components {
  const prepared = new Map(operations.map((operation) => [operation, prepare(operation, paramsOf)]));
  return {
    validateInput(asked) {
      const found = prepared.get(asked.resource)?.input(asked.element);
      return found ? verdict(found, asked.element) : prism.validateInput(asked);
    },
    validateOutput(given) {
      const found = prepared.get(given.resource)?.output(given.element);
      return found ? verdict(found, given.element) : prism.validateOutput(given);
    },
    validateSecurity: createSecurityCheck(operations),
  };
}
