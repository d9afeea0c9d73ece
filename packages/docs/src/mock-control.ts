import type { IncomingMessage, ServerResponse } from "node:http";

/** Where pages send control calls for the mock, on the server that they come from. */
const PREFIX = "/console/mock/";

const LIMIT = 10_000;

/** Only pages of this server steer the mock: it takes no control calls from pages of other origins either. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { origin, host } = headers;
  const site = headers["sec-fetch-site"];
  return site === "same-origin" || (site === undefined && origin !== undefined && new URL(origin).host === host);
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
  if (method !== "POST") refuse(405, "Control calls are POST.");
  else if (!isOwnPage(request)) refuse(403, "Only pages of this server steer the mock.");
  else {
    const target = new URL(`/__mock/${url.slice(PREFIX.length)}`, mockUrl);
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
