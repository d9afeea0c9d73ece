import { existsSync, readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { fileURLToPath } from "node:url";

const TYPES: Readonly<Record<string, string>> = {
  "/": "text/html; charset=utf-8",
  "/style.css": "text/css; charset=utf-8",
  "/script.js": "text/javascript; charset=utf-8",
  "/theme.js": "text/javascript; charset=utf-8",
  "/inter.woff2": "font/woff2",
  "/favicon.svg": "image/svg+xml",
};

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The folder of the built page, relative to this file's built form or to its source. */
const folder = ["./page/", "../../dist/page/"]
  .map((path) => new URL(path, import.meta.url))
  .find((url) => existsSync(url));

const fileOf = (path: string): string => fileURLToPath(new URL(path === "/" ? "index.html" : path.slice(1), folder));

/** Responds with a file of the mock's page; `false` if the path has none. */
export function servePage(path: string, response: ServerResponse): boolean {
  const type = Object.hasOwn(TYPES, path) ? TYPES[path] : undefined;
  if (!type) return false;
  response.writeHead(200, {
    "content-type": type,
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  response.end(readFileSync(fileOf(path)));
  return true;
}
