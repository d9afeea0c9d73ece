import type { Document, NamedOperation } from "../document.ts";
import { examplePathParameters, fillPath } from "../examples.ts";
import { operationModel } from "../reference/operation-model.ts";

/** A call, as it goes over the wire: all that a language without a client of ours shows. */
export interface HttpCall {
  method: string;
  /** The path with its values and its query, below the base URL. */
  path: string;
  /** What is sent; `undefined` where nothing is. */
  body: unknown;
  /** Signs in with user name and password, where every other call has a token. */
  signsIn: boolean;
}

/** A call that the document's own examples make: what a sample shows in some language. */
export interface SampleCall extends HttpCall {
  operation: NamedOperation;
  /** The example's name in the document; empty for a call without a body. */
  example: string;
  /** What the example does, in a few words; empty for a call without a body. */
  summary: string;
  /** The values of the path's parameters, in its order. */
  ids: string[];
}

/** The calls that an operation's examples make: one for each example of its request, and one where it takes no body. */
export function sampleCalls(document: Document, operation: NamedOperation): SampleCall[] {
  const ids = examplePathParameters(document, operation);
  const call = {
    operation,
    method: operation.method,
    ids: Object.values(ids),
    path: fillPath(operation.path, ids),
    signsIn: operation.operation.security?.some((scheme) => "Basic" in scheme) ?? false,
  };
  const examples = operationModel(document, operation).request?.examples ?? [];
  if (!examples.length) return [{ ...call, example: "", summary: "", body: undefined }];
  return examples.map(({ name, summary, value }) => ({ ...call, example: name, summary, body: value }));
}
