import {
  type OperationId as AnyOperationId,
  describeFault,
  type Fault,
  validateRequest,
  validateSecurity,
} from "@imcloud/spec/validators";
import type { Performer, ValidCall } from "../operations/perform.ts";
import type { Tokens } from "../tokens.ts";
import type { Engine } from "./api.ts";
import { requestError, type Violation } from "./request-errors.ts";

/** The statuses of violations other than 400. */
const CODES: Readonly<Record<string, number>> = { security: 401, contentMediaType: 415, unexpected: 415 };

const violationOf = (fault: Fault): Violation => ({
  code: CODES[fault.keyword],
  message: describeFault(fault, "Request"),
});

/** The engine for any platform. It checks requests with the validators that are generated from the document. */
export function createCoreEngine(performer: Performer, tokens: Tokens): Engine {
  return async ({ path, query, headers, body }, route, call) => {
    const id = route.id as AnyOperationId;
    const faults = [
      ...validateSecurity(id, { headers, query }),
      ...validateRequest(id, { path: route.params, query, headers, body }),
    ];
    const judged = { template: route.path, path, authorization: headers.authorization };
    const error = requestError(judged, faults.map(violationOf), tokens);
    if (error) return error;
    if (headers.prefer !== undefined)
      call.note("Prefer is ignored: examples are chosen by the server, not the sandbox");
    const valid: ValidCall = { ...call, path, params: route.params, query, body };
    return performer.isOverridden(id) ? performer.performOverridden(id, valid) : performer.perform(id, valid);
  };
}
