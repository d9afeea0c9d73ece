import { createTokens } from "../auth/tokens.ts";
import { createOperationFinder } from "../core/calls/operation.ts";
import { compose } from "../core/pipeline.ts";
import { createFetch } from "../core/transport/fetch.ts";
import { createTransport } from "../core/transport/transport.ts";
import { operations } from "../generated/resources.ts";
import { stayBelow } from "../middleware/base-url.ts";
import { addHeaders, defaultHeaders } from "../middleware/headers.ts";
import { hideEchoes, secretsOf } from "../middleware/redaction.ts";
import { timeout } from "../middleware/timeout.ts";
import { withToken } from "../middleware/with-token.ts";
import { type ConnectionOptions, checkConnection } from "../options/connection.ts";
import { createIdentify } from "./identify.ts";
import type { Http } from "./openapi-fetch.ts";
import { createPipelinedHttp } from "./pipelined-http.ts";

export type { Http, HttpMethod, HttpResponse } from "./openapi-fetch.ts";

/**
 * openapi-fetch with sign-in only: no retries, no rate limit. For bundles where every kilobyte counts. {@link createClient} has
 * all of it, this as its `http`.
 * @throws {@link TypeError} when an option is missing or has a wrong type
 */
export function createHttp(options: ConnectionOptions): Http {
  const checked = checkConnection(options);
  const { baseUrl } = checked;
  const headers = defaultHeaders(checked);
  const send = compose(
    [timeout(checked.timeout), hideEchoes(secretsOf(checked))],
    createTransport(createFetch(checked.fetch), checked.maxResponseBytes),
  );
  const tokens = createTokens(checked, { headers, send, sendElsewhere: send }, () => {});
  const identify = createIdentify(createOperationFinder(operations));
  const call = compose([stayBelow(baseUrl), addHeaders(headers), withToken(tokens)], send);
  return createPipelinedHttp(baseUrl, call, identify);
}
