import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { document } from "../support/document.ts";

const names = Object.keys(document.components?.schemas ?? {});

/** A TypeScript language service for a file that uses the built packages. */
function editorOf(source: string): { service: ts.LanguageService; file: string } {
  const file = join(paths.root, "test/consumers/hovered.ts");
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const text = name === file ? source : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => paths.root,
    getCompilationSettings: () => ({ module: ts.ModuleKind.NodeNext, strict: true, types: [] }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
  };
  return { service: ts.createLanguageService(host), file };
}

const program = `import type { ${names.join(", ")}, ImcloudClient } from "@imcloud/client";
declare const imcloud: ImcloudClient;
const details = await imcloud.orders.get("900301");
const row = (await imcloud.orders.list()).data[0]!;
const product = details.products![0]!;
const placed = await imcloud.orders.createOnce({ customerId: "1", poNumber: "T-1", products: [{ id: "5", quantity: 1 }] });
const { data: byPath } = await imcloud.http.GET("/orders/{id}", { params: { path: { id: "1" } } });
const wrong: string = details;
imcloud.orders.create({ type: "change", customerId: "1" });
imcloud.orders.create({ customerId: "1", products: [], /* offered */ });
`;
const { service, file } = editorOf(program);

/** What an editor shows for the first occurrence of a name. */
const hoverOf = (name: string) => service.getQuickInfoAtPosition(file, program.search(new RegExp(`\\b${name}\\b`)));

describe("hovers", () => {
  test("show the document's description of every schema type that @imcloud/client exports", () => {
    const silent = names.filter((name) => !hoverOf(name)?.documentation?.some(({ text }) => text.length > 5));
    expect(silent).toEqual([]);
    expect(names.length).toBeGreaterThan(50);
  });

  test.each([
    ["details", "const details: OrderDetails"],
    ["row", "const row: Order"],
    ["product", "const product: OrderProduct"],
    ["placed", "const placed: OrderDetails"],
    ["byPath", "const byPath: OrderDetails | undefined"],
  ])("name the type of %s", (name, shown) => {
    expect(ts.displayPartsToString(hoverOf(name)?.displayParts)).toBe(shown);
  });
});

describe("errors", () => {
  const messages = service
    .getSemanticDiagnostics(file)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));

  test("name the types, and the field that an order of its type needs", () => {
    expect(messages).toHaveLength(2);
    expect(messages[0]).toBe("Type 'OrderDetails' is not assignable to type 'string'.");
    expect(messages[1]).toContain("Property 'subscriptionId' is missing");
    expect(messages[1]).toContain("ChangeOrderCreate");
  });
});

describe("completions inside orders.create({", () => {
  const offered = service
    .getCompletionsAtPosition(file, program.indexOf("/* offered */"), {})
    ?.entries.map(({ name }) => name);

  test("offer the fields that can be sent, and none that the document says to omit", () => {
    expect(offered).toEqual(expect.arrayContaining(["poNumber", "subscriptionId", "attributes"]));
    for (const name of ["orderNumber", "creationDate", "status", "nextBillingDate"])
      expect(offered).not.toContain(name);
  });
});
