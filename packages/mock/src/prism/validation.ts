import type { Fault, validateRequest, validateResponse, validateSecurity } from "@imcloud/spec/validators";
import { describeFault, type OperationId } from "@imcloud/spec/validators";
import type { IHttpRequest, PrismHttpComponents } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { type Either, left, right } from "fp-ts/lib/Either.js";

/** The components that judge requests and responses. */
export type ValidationComponents = Pick<PrismHttpComponents, "validateInput" | "validateOutput" | "validateSecurity">;

/** Something that is wrong, as Prism says it. */
type Diagnostic = Parameters<PrismHttpComponents["mock"]>[0]["input"]["validations"][number];

/** The validators of a document. */
export interface Validators {
  validateRequest: typeof validateRequest;
  validateResponse: typeof validateResponse;
  validateSecurity: typeof validateSecurity;
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
  const [first, ...more] = faults.map((fault) => diagnosticOf(fault, side, severity));
  return first ? left([first, ...more]) : right(value);
}

/**
 * The document's validators as components of Prism.
 * @param pathOf the values of the path's parameters, percent-decoded
 */
export function validationComponents(
  validators: Validators,
  pathOf: (request: IHttpRequest, operation: IHttpOperation) => Readonly<Record<string, string>>,
): ValidationComponents {
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
