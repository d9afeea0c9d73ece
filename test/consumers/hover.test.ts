import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { paths } from "../../scripts/paths.ts";
import { document } from "../support/document.ts";

const names = Object.keys(document.components?.schemas ?? {});

test("hovers show the document's description of every schema type that @imcloud/client exports", () => {
  const file = join(paths.root, "test/consumers/hovered.ts");
  const source = `import type { ${names.join(", ")} } from "@imcloud/client";\n`;
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
  const service = ts.createLanguageService(host);
  const silent = names.filter((name) => {
    const shown = service.getQuickInfoAtPosition(file, source.search(new RegExp(`\\b${name}\\b`)));
    return !shown?.documentation?.some(({ text }) => text.length > 5);
  });
  expect(silent).toEqual([]);
  expect(names.length).toBeGreaterThan(50);
});
