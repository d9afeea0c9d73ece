import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createInstance, type IHttpProxyConfig, type IHttpRequest } from "@stoplight/prism-http";
import { isLeft } from "fp-ts/lib/Either.js";
import { prepare } from "../engine/document.ts";
import { logger } from "../engine/logger.ts";
import { gatewayError } from "../server/answers.ts";
import { close, listen } from "../server/listen.ts";
import { BASE_PATH, parseRequest, Refused, readBody, targetOf } from "../server/read-request.ts";
import { write } from "../server/write-answer.ts";
import { createForwarder, type Exchange, parseLeniently } from "./forward.ts";
import { Har } from "./har.ts";

export interface ProxyOptions {
  /** Base URL of the API. */
  target: string;
  /** Port to listen on; 0 for any that is free. 4010 unless set. */
  port?: number;
  /** Address to listen on. 127.0.0.1 unless set, which no other machine can reach. */
  host?: string;
  /** A file that is made, and gets each call as HTTP Archive, without secrets. */
  har?: string;
  /** Gets a line for each call. */
  print?: (line: string) => void;
}

/** A proxy that is running. */
export interface Proxy {
  /** What a client takes for the API's base URL. */
  url: string;
  close(): Promise<void>;
}

/** What is told of broken rules in a header of the answer, as stock Prism does; longer lists are cut. */
const VIOLATIONS_HEADER = "sl-violations";
const LONGEST_HEADER = 4_000;

/** A value of a header, where letters are ASCII. */
const headerValue = (texts: string[]) =>
  JSON.stringify(texts)
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, LONGEST_HEADER);

/**
 * Starts a proxy between a client and a real API: requests and answers pass as they are, and Prism holds them against the document.
 * @throws Error with a sentence for people when it cannot listen or cannot make the file; TypeError for a target that is no URL
 */
export async function startProxy({
  target,
  port = 4010,
  host = "127.0.0.1",
  har,
  print,
}: ProxyOptions): Promise<Proxy> {
  if (!/^https?:\/\//.test(target) || !URL.canParse(target)) {
    throw new TypeError(`The proxy needs the http or https URL of an API; got "${target}".`);
  }
  const { operations } = await prepare();
  const archive = har === undefined ? undefined : new Har(har);
  const sent = new WeakMap<IHttpRequest, Buffer>();
  const exchanges = new WeakMap<IHttpRequest, Exchange>();
  const config: IHttpProxyConfig = {
    ...{ isProxy: true, upstream: new URL(target), upstreamProxy: undefined, mock: { dynamic: false } },
    ...{ checkSecurity: true, validateRequest: true, validateResponse: true, errors: false },
  };
  const forward = createForwarder(
    (request) => sent.get(request) ?? Buffer.alloc(0),
    (request, exchange) => exchanges.set(request, exchange),
  );
  const prism = createInstance(config, { logger, forward });

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = new Date();
    const start = performance.now();
    const { path, query } = targetOf(request);
    const bytes = await readBody(request, path);
    const asked = parseRequest(request, path, query, bytes, parseLeniently);
    sent.set(asked, bytes);
    const result = await prism.request(asked, operations, config)();
    const milliseconds = Math.round(performance.now() - start);
    const exchange = exchanges.get(asked);
    if (isLeft(result) || !exchange) {
      const message = isLeft(result) ? result.left.message : "The API gave no answer.";
      print?.(`502  ${request.method}  ${path}  ${milliseconds} ms  ${message}`);
      return write(response, gatewayError(502, message));
    }
    const { input, output } = result.right.validations;
    const violations = [...input, ...output].map(({ message }) => message);
    const { status, responseHeaders, responseBody } = exchange;
    archive?.add(exchange, startedAt, milliseconds, violations);
    print?.([status, request.method, path, `${milliseconds} ms`, ...violations].join("  ").replace(/\p{Cc}/gu, "?"));
    write(response, {
      statusCode: status,
      headers: { ...responseHeaders, ...(violations.length && { [VIOLATIONS_HEADER]: headerValue(violations) }) },
      body: responseBody,
    });
  }

  const server = createServer((request, response) => {
    pass(request, response).catch((error: Error) => {
      if (response.headersSent) response.destroy();
      else
        write(
          response,
          error instanceof Refused ? error.answer : gatewayError(502, `The proxy failed: ${error.message}`),
        );
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
