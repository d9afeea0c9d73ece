import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { BASE_PATH } from "../core/api/base-path.ts";
import { isJson, parseRequest, targetOf } from "../core/messages/read-request.ts";
import { gatewayError, HttpError } from "../core/messages/responses.ts";
import { close, listen } from "../http/listen.ts";
import { incomingRequest, readBody } from "../http/read-request.ts";
import { writeResponse } from "../http/write-response.ts";
import { resolveOptions } from "../options/option.ts";
import { type ProxyOptions, proxyOptions } from "../options/proxy-options.ts";
import { prepare } from "../prism/document.ts";
import { createValidatingProxy } from "../prism/validating-proxy.ts";
import { type Exchange, exchangeWith, parseLeniently } from "./exchange.ts";
import { Har } from "./har.ts";

/** A proxy that is running. */
export interface Proxy {
  /** What a client takes for the API's base URL. */
  url: string;
  /** Stops listening, and ends what connections there are. */
  close(): Promise<void>;
}

/** What is told of violations in a header of the response, as stock Prism does; longer lists are cut. */
const VIOLATIONS_HEADER = "sl-violations";
const MAX_HEADER_LENGTH = 4_000;

/** A value of a header, where letters are ASCII. */
const headerValue = (texts: string[]) =>
  JSON.stringify(texts)
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, MAX_HEADER_LENGTH);

/**
 * Starts a proxy between a client and a real API: requests and responses pass as they are, and Prism validates them against the
 * document.
 * @throws Error with a sentence for people when it cannot listen or cannot make the file; TypeError for an option that is
 *   wrong
 */
export async function startProxy({ target, ...options }: ProxyOptions): Promise<Proxy> {
  const { port, host, har, print } = resolveOptions(proxyOptions, options);
  if (!/^https?:\/\//.test(target) || !URL.canParse(target)) {
    throw new TypeError(`The proxy needs the http or https URL of an API; got "${target}".`);
  }
  const archive = har === undefined ? undefined : new Har(har);
  const validate = createValidatingProxy(target, await prepare());

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = new Date();
    const start = performance.now();
    const incoming = incomingRequest(request);
    const { path, query } = targetOf(incoming, BASE_PATH);
    const bytes = await readBody(request, path);
    const read = parseRequest(incoming, path, query, bytes, parseLeniently);
    let exchange: Exchange | undefined;
    let violations: string[] = [];
    let failure = "The API gave no response.";
    try {
      violations = await validate(read, async () => {
        exchange = await exchangeWith(target, read, bytes);
        const { status, responseHeaders: headers, responseBody } = exchange;
        return {
          statusCode: status,
          headers,
          body: isJson(headers["content-type"]) ? parseLeniently(responseBody) : responseBody,
        };
      });
    } catch (error) {
      failure = (error as Error).message;
      exchange = undefined;
    }
    const milliseconds = Math.round(performance.now() - start);
    if (!exchange) {
      print?.(`502  ${request.method}  ${path}  ${milliseconds} ms  ${failure}`);
      return writeResponse(response, gatewayError(502, failure));
    }
    const { status, responseHeaders, responseBody } = exchange;
    archive?.add(exchange, startedAt, milliseconds, violations);
    print?.([status, request.method, path, `${milliseconds} ms`, ...violations].join("  ").replace(/\p{Cc}/gu, "?"));
    writeResponse(response, {
      statusCode: status,
      headers: { ...responseHeaders, ...(violations.length && { [VIOLATIONS_HEADER]: headerValue(violations) }) },
      body: responseBody,
    });
  }

  const server = createServer((request, response) => {
    pass(request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else {
        const failed = gatewayError(502, `The proxy failed: ${error.message}`);
        writeResponse(response, error instanceof HttpError ? error.response : failed);
      }
    });
  });
  const closeAll = async () => {
    await close(server);
    archive?.close();
  };
  try {
    return { url: `${await listen(server, port, host, "--port")}${BASE_PATH}`, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
