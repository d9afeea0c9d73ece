import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { paths } from "./paths.ts";
import { redocly } from "./redocly.ts";

/** Redocly's own images, the one thing in its page that comes from another host. */
const REMOTE_LOGO = /https:\/\/cdn\.redoc\.ly\/redoc\/logo-mini(-full)?\.svg/g;

const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 16" height="16"><text y="12" font-family="sans-serif" font-size="12" fill="#888">Redocly</text></svg>',
)}`;

/** Nothing on the page may come from, or go to, another host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' 'unsafe-eval' blob:",
  "worker-src blob:",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "font-src data:",
  "connect-src 'self'",
].join("; ");

/** Builds the reference as one page that needs no network, with the documents to download beside it. */
export async function docs(folder: string, output: string): Promise<void> {
  await mkdir(output, { recursive: true });
  const page = join(output, "index.html");
  await redocly(
    "build-docs",
    join(folder, "openapi.yaml"),
    "--inlineBundle",
    "--config",
    paths.lintConfig,
    "--output",
    page,
  );
  const built = await readFile(page, "utf8");
  if (!REMOTE_LOGO.test(built) || !built.includes("<head>")) {
    throw new Error("Redocly's page has changed: look at how scripts/docs.ts keeps it from calling other hosts.");
  }
  const offline = built
    .replace(REMOTE_LOGO, LOGO)
    .replace(
      "<head>",
      `<head>\n  <meta http-equiv="Content-Security-Policy" content="${POLICY}">\n  <link rel="icon" href="data:,">`,
    );
  await writeFile(page, offline);
  for (const name of ["openapi.yaml", "openapi.json", "openapi-3.0.yaml", "openapi-3.0.json"]) {
    await writeFile(join(output, name), await readFile(join(folder, name)));
  }
}
