import type { IncomingMessage, ServerResponse } from "node:http";

/** Where pages send control calls for the mock, on the server that they come from. */
const PREFIX = "/console/mock/";

const LIMIT = 10_000;

/** Names by which a browser on this machine calls it. A public name here is a page whose own was pointed at this machine. */
const OWN_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/**
 * Only pages of this server control the mock: it takes no control calls from pages of other origins either. A host that is another's
 * name is DNS rebinding.
 */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host = "" } = headers;
  const site = headers["sec-fetch-site"];
  if (!OWN_HOST.test(host)) return false;
  return site === "same-origin" || (site === undefined && origin === `http://${host}`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of request) {
    text += piece;
    if (text.length > LIMIT) throw new TypeError(`A control call takes up to ${LIMIT} characters.`);
  }
  return text;
}

/**
 * Hands a control call of a page on to the mock: its clock, its faults, its reset.
 * @param mockUrl base URL of the mock's API
 * @returns whether the request was one
 */
export function handleControl(request: IncomingMessage, response: ServerResponse, mockUrl: string): boolean {
  const { url = "", method } = request;
  if (!url.startsWith(PREFIX)) return false;
  const send = (status: number, body: string) =>
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  const refuse = (status: number, message: string) => send(status, JSON.stringify({ message }));
  const name = url.slice(PREFIX.length);
  if (method !== "POST") refuse(405, "Control calls are POST.");
  else if (!isOwnPage(request)) refuse(403, "Only pages of this server control the mock.");
  // Dots would lead out of the control.
  else if (!/^[\w/-]+$/.test(name)) refuse(404, "There is no such control call.");
  else {
    const target = new URL(`/__mock/${name}`, mockUrl);
    bodyOf(request)
      .then((body) => fetch(target, { method, body, headers: { "content-type": "application/json" } }))
      .then(async (response) => send(response.status, await response.text()))
      .catch((error: Error) =>
        refuse(
          error instanceof TypeError && /characters/.test(error.message) ? 413 : 502,
          `The mock at ${mockUrl} does not respond.`,
        ),
      );
  }
  return true;
}
