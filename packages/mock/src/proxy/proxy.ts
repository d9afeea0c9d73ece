import type { IncomingMessage, ServerResponse } from "node:http";
import { createRedactor } from "@imcloud/client/redact";
import { BASE_PATH } from "../core/api/base-path.ts";
import { formatValue } from "../core/format-value.ts";
import { lineOf } from "../core/log-line.ts";
import { isJson, parseRequest, targetOf } from "../core/messages/read-request.ts";
import { frameworkError, gatewayError, HttpError, withCorrelation } from "../core/messages/responses.ts";
import { close, listen, makeServer } from "../http/listen.ts";
import { incomingRequest, readBody, toOriginForm } from "../http/read-request.ts";
import { requestListener } from "../http/request-listener.ts";
import { writeResponse } from "../http/write-response.ts";
import { resolveOptions } from "../options/option.ts";
import { type ProxyOptions, proxyOptions } from "../options/proxy-options.ts";
import type { ValidatingProxy } from "../prism/validating-proxy.ts";
import { type DecodedBody, decodedBody } from "./decoded.ts";
import { type Exchange, exchangeWith, pairsOf, type RawHeaders } from "./exchange.ts";
import { HarRecorder } from "./har-recorder.ts";
import { CallSecrets } from "./secrets.ts";

/** A proxy that is running. */
export interface Proxy {
  /** What a client takes for the API's base URL. */
  url: string;
  /** Stops listening, and ends what connections there are. */
  close(): Promise<void>;
}

/** The header of a response that lists violations, as stock Prism does; longer lists are cut. */
const VIOLATIONS_HEADER = "sl-violations";
const MAX_HEADER_LENGTH = 4_000;

/** A value of a header, where letters are ASCII. */
const headerValue = (texts: string[]) =>
  JSON.stringify(texts)
    .replace(/[^\x20-\x7e]/g, "?")
    .slice(0, MAX_HEADER_LENGTH);

/** JSON as its value, and any other text as it is: the API decides about that. */
function parseLeniently(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Headers by their names in lower case, as the validators take them. */
const byName = (headers: RawHeaders): Record<string, string> =>
  Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));

const NO_BODY: DecodedBody = { type: "", text: undefined };

/** The copies of a call's bodies, and what keeps them from being read. */
async function copiesOf(exchange: Exchange) {
  const faults: string[] = [];
  const copyOf = async (side: "Request" | "Response", headers: RawHeaders, bytes: Buffer) => {
    try {
      return await decodedBody(headers, bytes);
    } catch (error) {
      faults.push(`${side}: ${(error as Error).message}`);
      return NO_BODY;
    }
  };
  return {
    requestCopy: await copyOf("Request", exchange.requestHeaders, exchange.requestBody),
    responseCopy: await copyOf("Response", exchange.responseHeaders, exchange.responseBody),
    faults,
  };
}

/** What of a call breaks the document, by copies of what was sent. */
async function violationsOf(
  validate: ValidatingProxy,
  request: IncomingMessage,
  { status, responseHeaders }: Exchange,
  { requestCopy, responseCopy, faults }: Awaited<ReturnType<typeof copiesOf>>,
): Promise<string[]> {
  if (faults.length) return faults;
  try {
    const incoming = incomingRequest(request);
    const { path, query } = targetOf(incoming, BASE_PATH);
    const bytes = new TextEncoder().encode(requestCopy.text ?? "");
    const read = parseRequest(incoming, path, query, bytes, parseLeniently);
    const { type, text } = responseCopy;
    const body = text !== undefined && isJson(type) ? parseLeniently(text) : text;
    // A response to HEAD is one without its body.
    if (request.method === "HEAD") return [];
    return await validate(read, async () => ({ statusCode: status, headers: byName(responseHeaders), body }));
  } catch (error) {
    const { body } = error instanceof HttpError ? error.response : {};
    const { message } = (body ?? error) as { message?: string };
    return [message ?? `The document has no ${request.method} ${request.url}`];
  }
}

/** Why a call could not be recorded. The API has performed it, and whoever called has to learn of it. */
function recordingFault(record: () => void): string[] {
  try {
    record();
    return [];
  } catch (error) {
    return [`It is missing in the archive: ${(error as Error).message}`];
  }
}

/**
 * The address below which the API's paths are.
 * @throws {@link TypeError} with a message for people
 */
function baseOf(target: unknown): string {
  if (typeof target !== "string") {
    throw new TypeError(`The proxy needs the http or https URL of an API as its target; got ${formatValue(target)}.`);
  }
  // A URL silently drops some of these, and takes a backslash for a slash.
  if (!/^https?:\/\/[^\s\\\p{Cc}]+$/iu.test(target) || !URL.canParse(target)) {
    throw new TypeError(
      `The proxy needs the http or https URL of an API; got ${JSON.stringify(createRedactor([]).text(target))}.`,
    );
  }
  const { origin, pathname, username, password, search, hash } = new URL(target);
  if (username || password || search || hash) {
    throw new TypeError("The proxy needs the URL of an API without a user, a query and a fragment.");
  }
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, "")}`;
}

/**
 * Starts a proxy between a client and a real API: requests and responses pass byte for byte, and Prism validates copies of them
 * against the document.
 * @throws {@link Error} with a message for people when it cannot listen or cannot make the file; {@link TypeError} for an option that is
 *   wrong
 */
export async function startProxy(given: ProxyOptions): Promise<Proxy> {
  if (typeof given !== "object" || given === null) {
    throw new TypeError(
      `The options of the proxy are an object with its target; got ${given === null ? "null" : typeof given}.`,
    );
  }
  const { target, ...options } = given;
  const { port, host, har, log, print } = resolveOptions(proxyOptions, options);
  const base = baseOf(target);
  const secrets = new CallSecrets();
  const { redactor } = secrets;
  const archive = har === undefined ? undefined : new HarRecorder(har, redactor);
  // Loaded only for a proxy that starts, as it takes longer than all the rest.
  const { createValidatingProxy } = await import("../prism/validating-proxy.ts");
  const validate = await createValidatingProxy(target);

  /**
   * Where a request goes: its path and query as they were sent, below the API's base URL.
   * @throws {@link HttpError} for one that is not below ours
   */
  function urlOf({ url = "/" }: IncomingMessage): string {
    if (url.startsWith(BASE_PATH) && /^$|^[/?]/.test(url.slice(BASE_PATH.length))) {
      return `${base}${url.slice(BASE_PATH.length)}`;
    }
    throw new HttpError(frameworkError(404, url));
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    toOriginForm(request);
    const startedAt = new Date();
    const start = performance.now();
    const url = urlOf(request);
    const path = url.slice(base.length).replace(/\?.*/s, "");
    const bytes = await readBody(request, path);
    const left = new AbortController();
    response.once("close", () => left.abort());
    const tell = (status: number, found: readonly string[]) => {
      const { method } = request;
      const [shown = "", ...problems] = [path, ...found].map((text) => redactor.text(text));
      const milliseconds = Math.round(performance.now() - start);
      print?.(
        log === "json"
          ? JSON.stringify({ time: startedAt.toISOString(), method, path: shown, status, milliseconds, problems })
          : lineOf(status, method, shown, `${milliseconds} ms`, ...problems),
      );
    };
    const failed = (error: Error) => {
      secrets.learn(pairsOf(request.rawHeaders), NO_BODY);
      tell(502, [error.message]);
      writeResponse(response, gatewayError(502, error.message));
      return undefined;
    };
    const exchange = await exchangeWith(url, request, bytes, left.signal).catch(failed);
    if (!exchange) return;
    const milliseconds = Math.round(performance.now() - start);
    const copies = await copiesOf(exchange);
    secrets.learn(exchange.requestHeaders, copies.responseCopy);
    const violations = await violationsOf(validate, request, exchange, copies);
    const unrecorded = recordingFault(() => archive?.add({ exchange, ...copies, startedAt, milliseconds, violations }));
    const { status, statusText, responseHeaders, responseBody } = exchange;
    tell(status, [...violations, ...unrecorded]);
    const told = violations.length ? [[VIOLATIONS_HEADER, headerValue(violations)]] : [];
    // What the API did not send, this hop does not add.
    response.sendDate = false;
    response.writeHead(status, statusText, [...responseHeaders, ...told].flat());
    response.end(responseBody);
  }

  const server = makeServer(
    requestListener((request, response) =>
      pass(request, response).catch((error: Error) => {
        if (response.headersSent) return void response.destroy();
        const failure = gatewayError(502, `The proxy failed: ${error.message}`);
        writeResponse(response, withCorrelation(error instanceof HttpError ? error.response : failure, Date.now()));
      }),
    ),
  );
  const closeAll = async () => {
    await close(server);
    archive?.close();
  };
  try {
    return { url: `${await listen(server, port, host, "port")}${BASE_PATH}`, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
