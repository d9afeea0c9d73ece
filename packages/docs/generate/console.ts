import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { DEFAULT_MOCK_URL, globalsScript, mockScript } from "../src/mock-script.ts";
import { policyOf } from "../src/policy.ts";
import { bar } from "./bar.ts";
import { paths } from "./paths.ts";
import { runnable } from "./runnable.ts";

const SCALAR = packageFile("@scalar/api-reference", "dist/browser/standalone.js", paths.package);

/** Where a mock can be: the console has its token, and sends it nowhere else. */
const MOCKS = ["http://127.0.0.1:*", "http://localhost:*"];

/** Writes the console's page and what it loads: Scalar itself, the document, and where `npm start` has the mock. */
export async function console(document: Document, output: string): Promise<void> {
  const folder = join(output, "console");
  await mkdir(folder, { recursive: true });
  const page = await readFile(join(paths.package, "console.html"), "utf8");
  await writeFile(
    join(output, "console.html"),
    page.replace("(policy)", policyOf({ connections: MOCKS })).replace("<!-- bar -->", bar("console.html")),
  );
  await copyFile(SCALAR, join(folder, "scalar.js"));
  await writeFile(join(folder, "document.js"), globalsScript({ apiDocument: runnable(document, "empty") }));
  await writeFile(join(folder, "mock.js"), mockScript(DEFAULT_MOCK_URL, false));
}
