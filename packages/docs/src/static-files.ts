import type { IncomingMessage, ServerResponse } from "node:http";
import compression from "compression";
import send, { type SendStream } from "send";

/** What every response says, besides the policy that each page has in itself: a page cannot forbid there that it is framed. */
const HEADERS = {
  "content-security-policy": "frame-ancestors 'none'",
  "x-frame-options": "DENY",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
};

/** Ends a response whatever was written of it. */
function end(response: ServerResponse, status: number, body: string | Buffer, headers: Record<string, string> = {}) {
  // What has begun cannot become another response; a client sees that it is not whole.
  if (response.headersSent) return response.destroy();
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(status, { ...HEADERS, "content-type": "text/html; charset=utf-8", ...headers }).end(body);
}

/** The path of a request. */
const pathOf = (target: string): string => target.replace(/[?#].*/s, "");

/** The last name of a path that ends with a slash, as `/guides/errors/` does. Every other character is left to what serves files. */
const NAME_BEFORE_SLASH = /^(?:\/[\w.-]+)*\/([\w.-]+)\/$/;

type Handler = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

/** Texts go out as Brotli or gzip, as the client takes them. A part of a file is a part of it as it lies there, so that it goes out as it is. */
const compress = compression({
  filter: (request, response) => request.headers.range === undefined && compression.filter(request, response),
}) as unknown as Handler;

/** Programs that read ask for Markdown, and take HTML as well: theirs is the page as Markdown, where there is one. */
const prefersMarkdown = ({ headers }: IncomingMessage): boolean =>
  /\btext\/(?:markdown|plain)\b/.test(String(headers.accept ?? "").split("text/html")[0] ?? "");

/** The Markdown of a page, by the page's address. */
const markdownOf = (path: string): string => `${path === "/" ? "/index" : path.replace(/\.html$/, "")}.md`;

const isPage = (path: string): boolean => !/\.\w+$/.test(path) || path.endsWith(".html");

/**
 * Serves the files of a folder, compressed, by their names with or without `.html`. Whatever is asked, it responds and never throws: a range that
 * is none gets 416, and a file that has gone 404.
 * @param missing the page for a path without a file
 */
export function createStaticFiles(folder: string, missing: Buffer) {
  function stream(request: IncomingMessage, response: ServerResponse, path: string): SendStream {
    const file = send(request, path, { root: folder, extensions: ["html"], dotfiles: "ignore" });
    file.on("error", (error: { status?: number; headers?: Record<string, string> }) => {
      const { status = 500, headers } = error;
      if (status === 412 || status === 416) return end(response, status, "", headers);
      if (status < 500) return end(response, 404, missing);
      console.error(`${request.method} ${JSON.stringify(path)} failed: ${String((error as Error).message)}`);
      end(response, 500, "The file cannot be read.");
    });
    return file;
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    if (request.method !== "GET" && request.method !== "HEAD") {
      return void end(response, 405, "Files are read with GET.", { allow: "GET, HEAD" });
    }
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const { url = "/" } = request;
    const path = pathOf(url);
    const [, name] = NAME_BEFORE_SLASH.exec(path) ?? [];
    // With the slash, the page's own links and scripts would be looked for below it. A relative address can name no other host.
    if (name) return void end(response, 308, "", { location: `../${name}${url.slice(path.length)}` });
    const sendPage = () =>
      stream(request, response, path)
        // A folder that has a page of its name.
        .on("directory", () => stream(request, response, `${path}.html`).pipe(response))
        .pipe(response);
    compress(request, response, () => {
      if (!isPage(path)) return void sendPage();
      response.setHeader("vary", "accept");
      if (!prefersMarkdown(request)) return void sendPage();
      send(request, markdownOf(path), { root: folder, dotfiles: "ignore" }).on("error", sendPage).pipe(response);
    });
  };
}
