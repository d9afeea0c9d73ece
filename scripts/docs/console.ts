import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { credentials } from "../../packages/mock/src/core/tokens.ts";
import { paths } from "../paths.ts";
import { packageFile } from "../tool.ts";
import { bar } from "./bar.ts";
import { runnable } from "./runnable.ts";

const SCALAR = packageFile("@scalar/api-reference", "dist/browser/standalone.js", paths.docsPackage);

/** A script that gives the console's page something by name: a page opened from a folder cannot fetch. */
const given = (values: object) => `window.imcloud = { ...window.imcloud, ...${JSON.stringify(values)} };\n`;

/** The mock as `npm start` and `imcloud-mock` serve it unless told otherwise. */
export const STANDARD_MOCK = "http://127.0.0.1:4010/marketplace";

/** What tells the console where the mock is and how to sign in to it. */
export const mockScript = (url: string): string => given({ mock: { url, credentials } });

/** Writes the console's page and what it loads: Scalar itself, the document, and where `npm start` has the mock. */
export async function console(document: Document, output: string): Promise<void> {
  const folder = join(output, "console");
  await mkdir(folder, { recursive: true });
  const page = await readFile(join(paths.docsPackage, "console.html"), "utf8");
  await writeFile(join(output, "console.html"), page.replace("<!-- bar -->", bar("console.html")));
  await copyFile(SCALAR, join(folder, "scalar.js"));
  await writeFile(join(folder, "document.js"), given({ apiDocument: runnable(document, "empty") }));
  await writeFile(join(folder, "mock.js"), mockScript(STANDARD_MOCK));
}
