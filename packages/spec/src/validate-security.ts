import { security } from "./generated/security.js";
import type { Fault } from "./validators/fault.ts";
import { type OperationId, tableOf } from "./validators/operation.ts";
import { type CredentialParts, checkSecurity } from "./validators/security.ts";

/**
 * Checks that a request shows credentials of the kind that the document asks for. Whether they are true is not checked.
 * @returns one fault, or none
 * @throws {@link TypeError} when the document has no such operation
 */
export const validateSecurity = (operationId: OperationId, parts: CredentialParts): Fault[] =>
  checkSecurity(tableOf(security, operationId), parts);
