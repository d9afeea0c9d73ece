import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@imcloud/client";
import { createHttp } from "@imcloud/client/http";
import type { Document } from "@imcloud/openapi-tools/document";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resourcesSource } from "../../packages/client/generate/resources.ts";
import { types } from "../../packages/spec/generate/types.ts";
import { paths } from "../../scripts/paths.ts";

/** The document with an added operation of a method that it does not have yet. */
async function documentWithPut(): Promise<Document> {
  const document: Document = JSON.parse(await readFile(join(paths.spec, "openapi.json"), "utf8"));
  const customer = document.paths["/customers/{id}"];
  if (!customer?.patch || customer.put) throw new Error("The document has changed: try another path here.");
  customer.put = { ...customer.patch, operationId: "customers_replace" };
  return document;
}

const CONSUMER = `
import type { Http } from "@imcloud/client/http";
import type { paths } from "@imcloud/spec";
declare const http: Http<paths>;
const { data } = await http.PUT("/customers/{id}", { params: { path: { id: "1" } }, body: { name: "Nørrebro Foods" } });
export const name: string | undefined = data?.name;
`;

/** What the compiler has read, as its own libraries and the client are the same for all that is compiled here. */
const read = new Map<string, ts.SourceFile | undefined>();

/**
 * The compiler's errors for calls of the built client's `http`, with the types of the given folder as `@imcloud/spec`.
 * @param sources each is compiled as a file of its own
 * @returns the errors of each source
 */
function compilerErrors(folder: string, ...sources: string[]): string[][] {
  const files = new Map(sources.map((source, at) => [join(paths.root, `put-consumer-${at}.ts`), source]));
  const options: ts.CompilerOptions = {
    ...{ module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ESNext, strict: true, noEmit: true },
    ...{ skipLibCheck: true, types: [] },
    paths: { "@imcloud/spec": [join(folder, "schema.d.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const source = files.get(name);
    if (source !== undefined) return ts.createSourceFile(name, source, languageVersion);
    if (!read.has(name)) read.set(name, getSourceFile.call(host, name, languageVersion, ...rest));
    return read.get(name);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  const textOf = ({ messageText }: ts.Diagnostic) => ts.flattenDiagnosticMessageText(messageText, "\n");
  const ofProgram = [...program.getOptionsDiagnostics(), ...program.getGlobalDiagnostics()].map(textOf);
  return [...files.keys()].map((file) => [
    ...ofProgram,
    ...ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(textOf),
  ]);
}

describe("PUT, added to the document", () => {
  let folder: string;
  let document: Document;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "imcloud-put-"));
    document = await documentWithPut();
    await writeFile(join(folder, "openapi.json"), JSON.stringify(document));
    await types(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("is typed in http.PUT, with its path, body and response", () => {
    const [right, otherBody, otherPath] = compilerErrors(
      folder,
      CONSUMER,
      CONSUMER.replace('"Nørrebro Foods"', "7"),
      CONSUMER.replace("/customers/{id}", "/orders/{id}"),
    );
    expect(right).toEqual([]);
    expect(otherBody).not.toEqual([]);
    expect(otherPath).not.toEqual([]);
  });

  test("is not in http while the document has none", () => {
    expect(compilerErrors(paths.spec, CONSUMER)).toEqual([[expect.stringContaining("Property 'PUT' does not exist")]]);
  });

  test("becomes a method of its resource", () => {
    expect(resourcesSource(document)).toMatch(/\breplace\(id: string, body: \w+, options\?: RequestOptions\)/);
  });

  test.each(["createHttp", "createClient"])("is sent by http.PUT of %s, signed in and with its body", async (how) => {
    const calls: Request[] = [];
    const options = {
      ...{ baseUrl: "https://api.example/marketplace", marketplace: "se", subscriptionKey: "demo-key" },
      auth: { username: "demo.api", password: "demo-password" },
      fetch: async (request: Request) => {
        calls.push(request.clone());
        return Response.json(request.url.endsWith("/token") ? { token: "t", expiresInSeconds: 1500 } : { id: "1" });
      },
    };
    const http: object = how === "createHttp" ? createHttp(options) : createClient(options).http;
    const { PUT } = http as { PUT: (path: string, init: object) => Promise<{ data?: unknown }> };
    const body = { name: "Nørrebro Foods" };
    const { data } = await PUT("/customers/{id}", { params: { path: { id: "1" } }, body });
    expect(data).toEqual({ id: "1" });
    const sent = calls.at(-1);
    expect([sent?.method, sent?.url]).toEqual(["PUT", "https://api.example/marketplace/customers/1"]);
    expect(sent?.headers.get("authorization")).toBe("Bearer t");
    expect(await sent?.json()).toEqual(body);
  });
});
