import type { Document, NamedOperation } from "../document.ts";
import { examplePathParameters, fillPath, requestExamples } from "../examples.ts";

/** A call that the document's own examples make: what a sample shows in some language. */
export interface SampleCall {
  operation: NamedOperation;
  /** The values of the path's parameters, in its order. */
  ids: string[];
  /** The path with its values, below the base URL. */
  path: string;
  /** The first example of the request, where there is one. */
  body: unknown;
  /** Signs in with user name and password, where every other call has a token. */
  signsIn: boolean;
}

/** The settings that every sample reads from the environment, so that it runs as it stands. */
export const settings = {
  baseUrl: "IMCLOUD_BASE_URL",
  marketplace: "IMCLOUD_MARKETPLACE",
  username: "IMCLOUD_USERNAME",
  password: "IMCLOUD_PASSWORD",
  subscriptionKey: "IMCLOUD_SUBSCRIPTION_KEY",
  /** What `POST /token` gave; the client needs none, as it signs in by itself. */
  token: "IMCLOUD_TOKEN",
};

export function sampleCall(document: Document, operation: NamedOperation): SampleCall {
  const ids = examplePathParameters(document, operation);
  return {
    operation,
    ids: Object.values(ids),
    path: fillPath(operation.path, ids),
    body: requestExamples(document, operation)[0]?.[1],
    signsIn: operation.operation.security?.some((scheme) => "Basic" in scheme) ?? false,
  };
}
