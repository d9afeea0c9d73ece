import { responses } from "./generated/responses.js";
import type { Fault } from "./validators/fault.ts";
import { type OperationId, tableOf } from "./validators/operation.ts";
import { checkResponse, type ResponseParts } from "./validators/response.ts";

/**
 * Checks a response against the document: its status, its headers, and its body by its media type. Properties that are
 * `writeOnly` are not part of a response.
 * @returns what is wrong, at most {@link MAX_FAULTS}; empty when nothing is
 * @throws {@link TypeError} when the document has no such operation
 */
export const validateResponse = (operationId: OperationId, status: number, parts: ResponseParts): Fault[] =>
  checkResponse(tableOf(responses, operationId), status, parts);
