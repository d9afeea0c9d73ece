import type { IHttpOperation } from "@stoplight/types";

/** The id of an operation in the document. */
export const operationIdOf = ({ iid, method, path }: IHttpOperation): string => iid ?? `${method} ${path}`;
