import { requests } from "./generated/requests.js";
import type { Fault } from "./validators/fault.ts";
import { type OperationId, tableOf } from "./validators/operation.ts";
import { checkRequest, type RequestParts } from "./validators/request.ts";

/**
 * Checks a request against the document: the parameters of path, query and headers, and the body by its media type. Properties
 * that are `readOnly` are not part of a request.
 * @returns what is wrong, at most {@link MAX_FAULTS}; empty when nothing is
 * @throws {@link TypeError} when the document has no such operation
 */
export const validateRequest = (operationId: OperationId, parts: RequestParts): Fault[] =>
  checkRequest(tableOf(requests, operationId), parts);
