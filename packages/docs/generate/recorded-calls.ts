import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@imcloud/client";
import { createSandbox } from "@imcloud/mock/sandbox";
import { type Document, type NamedOperation, operationsOf } from "@imcloud/openapi-tools/document";
import { createPathMatcher } from "@imcloud/openapi-tools/path-matcher";
import type { HttpCall } from "@imcloud/openapi-tools/samples";

/** A call that a block of code made. */
export interface RecordedCall extends HttpCall {
  /** The operation's id. */
  operation: string;
}

/** Runs a block of a guide, and gives the calls that it makes, in their order. */
export type CallRecorder = (name: string, code: string) => Promise<RecordedCall[]>;

const IMPORT = /^import .*;\n/gm;

/** Operations that show how something ends: what is waited for comes when it is looked at. */
const WAITED_FOR = ["orders_get", "reports_get", "reports_list"] as const;
/** Milliseconds of the sandbox's clock, in which an order and a report come to their end. */
const STEP = 10_000;

/** A block as a module whose default export runs it, with a client of its own and without printing. */
function moduleOf(code: string): string {
  const imports = code.match(IMPORT) ?? [];
  return `// @ts-nocheck\n${imports.join("")}export default async (imcloud, console) => {\n${code.replace(IMPORT, "")}\n};\n`;
}

/** A query without what the operation does nothing with: the client sends it with every list, and a reader would think that it counts. */
function withoutIgnored({ operation }: NamedOperation, search: string): string {
  const ignored = operation["x-imcloud-ignored"] ?? [];
  const kept = search
    .slice(1)
    .split("&")
    .filter((pair) => pair && !ignored.includes(pair.split("=")[0] ?? ""));
  return kept.length ? `?${kept.join("&")}` : "";
}

/**
 * Makes a recorder. Each block runs against a sandbox of its own, so that what a guide shows in other languages is the call that its
 * TypeScript makes, to the byte, without what that operation ignores.
 * @param folder for the blocks as modules: from there the packages of the docs are found
 */
export async function createCallRecorder(document: Document, folder: string): Promise<CallRecorder> {
  await mkdir(folder, { recursive: true });
  const matcher = createPathMatcher<NamedOperation>(
    operationsOf(document).map((operation) => ({ method: operation.method, path: operation.path, value: operation })),
  );

  return async (name, code) => {
    const sandbox = createSandbox({ speed: 0 });
    for (const operation of WAITED_FOR) {
      sandbox.override(operation, async (_call, next) => {
        await sandbox.advance(STEP);
        return next();
      });
    }
    const calls: RecordedCall[] = [];
    const { connection, url } = sandbox;
    const recordingFetch = async (request: Request): Promise<Response> => {
      const { pathname, search } = new URL(request.url);
      const path = pathname.slice(new URL(url).pathname.length);
      const found = matcher.match(request.method, path);
      if (found.kind === "match" && found.value.id !== "token_create") {
        const text = await request.clone().text();
        const body = text ? JSON.parse(text) : undefined;
        calls.push({
          ...{ operation: found.value.id, method: request.method.toLowerCase(), body },
          path: path + withoutIgnored(found.value, search),
          signsIn: false,
        });
      }
      return connection.fetch(request);
    };
    const file = join(folder, `${name.replaceAll(/\W+/g, "-")}.ts`);
    await writeFile(file, moduleOf(code));
    const { default: run } = await import(pathToFileURL(file).href);
    const imcloud = createClient({ ...connection, fetch: recordingFetch as typeof fetch, rateLimit: false });
    const silent = { log() {}, error() {} };
    try {
      await run(imcloud, silent);
    } catch (error) {
      throw new Error(`${name} fails: ${(error as Error).message}`, { cause: error });
    }
    return calls;
  };
}
