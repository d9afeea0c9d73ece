import { createRequire } from "node:module";
import type { IHttpRequest, IHttpResponse, PrismHttpComponents } from "@stoplight/prism-http";
import type { IHttpOperation, IMediaTypeContent } from "@stoplight/types";
import { type Either, isLeft, left, right } from "fp-ts/lib/Either.js";

type Components = Pick<PrismHttpComponents, "validateInput" | "validateOutput">;
type Validators = typeof import("@stoplight/prism-http/dist/validator/validators/index.js");
type Diagnostic = Parameters<PrismHttpComponents["mock"]>[0]["input"]["validations"][number];

// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const require = createRequire(import.meta.url);
const {
  validateBody,
  validateHeaders,
  validatePath,
  validateQuery,
}: Validators = require("@stoplight/prism-http/dist/validator/validators/index.js");
const prism: Components = require("@stoplight/prism-http/dist/validator/index.js");

/** Prism's names for the two sides. */
const [INPUT, OUTPUT] = [0, 1];
const JSON_TYPE = "application/json";

type Checked = Either<readonly Diagnostic[], unknown>;

/** All that is wrong in some checks; right when nothing is. */
function together<T>(checked: readonly Checked[], value: T): Either<[Diagnostic, ...Diagnostic[]], T> {
  const [first, ...more] = checked.flatMap((each) => (isLeft(each) ? [...each.left] : []));
  return first ? left([first, ...more]) : right(value);
}

const jsonOf = (contents: readonly IMediaTypeContent[] | undefined) =>
  contents?.find(({ mediaType }) => mediaType === JSON_TYPE);

function hasKeys(object: object | undefined): boolean {
  for (const _ in object) return true;
  return false;
}

/** The checks of an operation, with what is the same for every request looked up before. */
function prepare(operation: IHttpOperation, idOf: (request: IHttpRequest) => string) {
  const { request = {}, responses } = operation;
  const bundle = (operation as { __bundled__?: unknown }).__bundled__;
  const isNeeded = (specs: readonly { required?: boolean }[] = []) => specs.some(({ required }) => required);
  const [query = [], headers = [], path = []] = [request.query, request.headers, request.path];
  const [isQueryNeeded, areHeadersNeeded] = [isNeeded(query), isNeeded(headers)];
  const headerNames = headers.map(({ name }) => name.toLowerCase());
  const body = jsonOf(request.body?.contents);
  const byStatus = new Map(responses.map((response) => [response.code, response]));

  return {
    /** `undefined` for a request that Prism has to look at itself: one that is not plain JSON, or without a body that is due. */
    input(sent: IHttpRequest): Checked[] | undefined {
      const { url, headers: given = {} } = sent;
      const checked: Checked[] = [];
      if (sent.body !== undefined || request.body) {
        if (!body || sent.body === undefined || given["content-type"] !== JSON_TYPE) return undefined;
        checked.push(validateBody(sent.body, [body], INPUT, JSON_TYPE, undefined, bundle));
      }
      if (isQueryNeeded || hasKeys(url.query)) checked.push(validateQuery(url.query ?? {}, query, INPUT, bundle));
      if (areHeadersNeeded || headerNames.some((name) => given[name] !== undefined)) {
        checked.push(validateHeaders(given, headers, INPUT, bundle));
      }
      const [parameter] = path;
      if (parameter) checked.push(validatePath({ [parameter.name]: idOf(sent) }, path, INPUT, bundle));
      return checked;
    },
    /** `undefined` for an answer that Prism has to look at itself: a status or a content type that may not be documented. */
    output({ statusCode, headers: given = {}, body: sent }: IHttpResponse): Checked[] | undefined {
      const response = byStatus.get(String(statusCode));
      const content = jsonOf(response?.contents);
      if (!response || !content || given["content-type"] !== JSON_TYPE) return undefined;
      return [
        validateBody(sent, [content], OUTPUT, JSON_TYPE, undefined, bundle),
        validateHeaders(given, response.headers ?? [], OUTPUT, bundle),
      ];
    },
  };
}

/**
 * Prism's checks of requests and answers, by Prism's own validators. What Prism works out anew for every request (which response a
 * status means, which content a media type, what stands in the path) is worked out once for each operation; what is out of the
 * ordinary goes to Prism as a whole.
 * @param idOf the value of the path's parameter
 */
export function createChecks(
  operations: readonly IHttpOperation[],
  idOf: (request: IHttpRequest) => string,
): Components {
  const prepared = new Map(operations.map((operation) => [operation, prepare(operation, idOf)]));
  return {
    validateInput(asked) {
      const checked = prepared.get(asked.resource)?.input(asked.element);
      return checked ? together(checked, asked.element) : prism.validateInput(asked);
    },
    validateOutput(given) {
      const checked = prepared.get(given.resource)?.output(given.element);
      return checked ? together(checked, given.element) : prism.validateOutput(given);
    },
  };
}
