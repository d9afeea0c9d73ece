import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  "/": "text/html; charset=utf-8",
  "/style.css": "text/css; charset=utf-8",
  "/script.js": "text/javascript; charset=utf-8",
};

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const fileOf = (path: string): string =>
  join(dirname(findPackageJSON("..", import.meta.url) ?? ""), "page", path === "/" ? "index.html" : path);

/** Answers with a file of the page on which people see and steer the mock; `false` where there is none of the path. */
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
