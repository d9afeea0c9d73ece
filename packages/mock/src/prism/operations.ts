import type { IHttpOperation } from "@stoplight/types";
import { operations } from "../generated/operations.ts";

/**
 * The document's operations by their ids, as Prism's core hands them to its components: ours read no more of them, as validators and
 * handlers are generated. What Prism's own components read is in `document.ts`.
 */
export const operationsById: ReadonlyMap<string, IHttpOperation> = new Map(
  operations.map(({ id, method, path }) => [id, { id, iid: id, method, path, responses: [] }]),
);
