import { type HttpHandler, http } from "msw";
import { FILES_FOLDER } from "../core/reports/signed-links.ts";
import type { Sandbox } from "../sandbox/create-sandbox.ts";

const isUrl = (value: unknown): boolean => typeof value === "string" && URL.canParse(value);

function checked(sandbox: unknown): Pick<Sandbox, "fetch" | "url" | "filesUrl"> {
  const { fetch, url, filesUrl } = Object(sandbox) as Partial<Sandbox>;
  if (typeof fetch === "function" && isUrl(url) && isUrl(filesUrl)) return sandbox as Sandbox;
  const given = typeof sandbox === "object" ? "an object without its fetch, url and filesUrl" : typeof sandbox;
  throw new TypeError(`handlers takes a sandbox of createSandbox(); got ${sandbox === null ? "null" : given}.`);
}

/**
 * Handlers of MSW that let a sandbox respond, in Node by `setupServer(...handlers(sandbox))`, in a browser by
 * `setupWorker(...handlers(sandbox))`: to calls of the API at the sandbox's base URL, to those of its reports' files, and to the
 * OAuth 2 sign-in.
 * @throws {@link TypeError} for what is not a sandbox
 */
export function handlers(sandbox: Pick<Sandbox, "fetch" | "url" | "filesUrl">): HttpHandler[] {
  const { fetch, url, filesUrl } = checked(sandbox);
  const respond = async ({ request }: { request: Request }): Promise<Response> => {
    try {
      return await fetch(request);
    } catch {
      // A connection that a fault breaks. An error that is thrown would become a 500 in MSW.
      return Response.error();
    }
  };
  const { origin } = new URL(url);
  // The address itself is what waits for an API asks for.
  const paths = [url, `${url}/*`, `${filesUrl}${FILES_FOLDER}/*`, `${origin}/auth/realms/*`];
  return paths.map((path) => http.all(path, respond));
}
