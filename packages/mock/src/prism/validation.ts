import { createPathMatcher, type PathMatcher } from "@imcloud/openapi-tools/path-matcher";
import * as generated from "@imcloud/spec/validators";
import { describeFault, type Fault, type OperationId } from "@imcloud/spec/validators";
import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { type Either, left, right } from "fp-ts/lib/Either.js";

/** The components that judge requests and responses. */
export type ValidationComponents = Pick<PrismHttpComponents, "validateInput" | "validateOutput" | "validateSecurity">;

/** Something that is wrong, as Prism says it. */
type Diagnostic = Parameters<PrismHttpComponents["mock"]>[0]["input"]["validations"][number];

/** The validators of a document, as `@imcloud/spec/validators` exports them. */
export type Validators = Pick<typeof generated, "validateRequest" | "validateResponse" | "validateSecurity">;

/** Options of {@link validationComponents}. */
export interface ValidationOptions {
  /** @defaultValue those of the API's document */
  validators?: Validators;
  /**
   * The values of the path's parameters, percent-decoded.
   * @defaultValue read from the request's path by the operation's template
   */
  pathOf?: (request: IHttpRequest, operation: IHttpOperation) => Readonly<Record<string, string>>;
}

/** Reads the parameters of paths by the templates of their operations. */
function createPathReader(): NonNullable<ValidationOptions["pathOf"]> {
  const matchers = new Map<string, PathMatcher<undefined>>();
  return ({ url }, { method, path }) => {
    const key = `${method} ${path}`;
    const known = matchers.get(key);
    const matcher = known ?? createPathMatcher([{ method, path, value: undefined }]);
    if (!known) matchers.set(key, matcher);
    const found = matcher.match(method, url.path);
    return found.kind === "match" ? found.parameters : {};
  };
}

/** The statuses by which Prism tells these faults from others. */
const CODES: Readonly<Record<string, number>> = { security: 401, contentMediaType: 415, unexpected: 415 };

function diagnosticOf(fault: Fault, side: "Request" | "Response", severity: DiagnosticSeverity): Diagnostic {
  const { in: place, name, pointer, keyword } = fault;
  const code = side === "Request" ? (CODES[keyword] ?? keyword) : keyword;
  const path = [place, ...(name === undefined ? [] : [name]), ...pointer.split("/").slice(1)];
  return { severity, code, message: describeFault(fault, side), path };
}

/** Prism's verdict on something: the faults, or the thing itself. */
function verdict<T>(
  value: T,
  faults: readonly Fault[],
  side: "Request" | "Response",
  severity = DiagnosticSeverity.Error,
): Either<[Diagnostic, ...Diagnostic[]], T> {
  if (!faults.length) return right(value);
  return left(faults.map((fault) => diagnosticOf(fault, side, severity)) as [Diagnostic, ...Diagnostic[]]);
}

/**
 * Validators that were generated from the document, as components for `createInstance` of `@stoplight/prism-http`. They judge as
 * Prism's own do, and faster, as nothing of the document is read while a request is under way.
 */
export function validationComponents({
  validators = generated,
  pathOf = createPathReader(),
}: ValidationOptions = {}): ValidationComponents {
  const idOf = ({ iid }: IHttpOperation) => iid as OperationId;
  return {
    validateInput({ resource, element }) {
      const { url, headers = {}, body } = element;
      const parts = { path: pathOf(element, resource), query: url.query ?? {}, headers, body };
      return verdict(element, validators.validateRequest(idOf(resource), parts), "Request");
    },
    validateOutput({ resource, element }) {
      const { statusCode, headers = {}, body } = element;
      const faults = validators.validateResponse(idOf(resource), statusCode, { headers, body });
      // An error that is not documented is no reason to hide it.
      const isOther = faults[0]?.in === "status" && (statusCode < 200 || statusCode > 299);
      const severity = isOther ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error;
      return verdict(element, faults, "Response", severity);
    },
    validateSecurity({ resource, element }) {
      const { url, headers = {} } = element;
      const faults = validators.validateSecurity(idOf(resource), { headers, query: url.query ?? {} });
      return verdict(element, faults, "Request");
    },
  };
}
