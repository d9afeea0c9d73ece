import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// The package is a script whose types are of a module, which TypeScript's `import` would read as a default export.
const require = createRequire(import.meta.url);
const { Language, Parser } = require("@vscode/tree-sitter-wasm") as typeof import("@vscode/tree-sitter-wasm");
const grammar = join(dirname(require.resolve("@vscode/tree-sitter-wasm")), "tree-sitter-powershell.wasm");

/** What a piece of PowerShell is made of, as far as tests look at it. */
export interface ParsedPowerShell {
  /** Where it is no PowerShell, as `line:column text`. */
  errors: string[];
  /** The names of the commands that it runs, each once. */
  commands: string[];
  /** The names of the variables of the environment that it reads or sets, each once. */
  environment: string[];
}

/** Parses PowerShell by the grammar that Visual Studio Code has for it, so that no PowerShell has to be installed. */
export type PowerShellParser = (source: string) => ParsedPowerShell;

export async function createPowerShellParser(): Promise<PowerShellParser> {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (source) => {
    const tree = parser.parse(source);
    if (!tree) throw new Error("The parser was stopped.");
    const { rootNode } = tree;
    const texts = (type: string) => [...new Set(rootNode.descendantsOfType(type).map((node) => String(node?.text)))];
    const found: string[] = [];
    const visit = (node: typeof rootNode): void => {
      if (node.isError || node.isMissing) {
        const { row, column } = node.startPosition;
        found.push(`${row + 1}:${column + 1} ${node.isMissing ? `${node.type} is missing` : node.text.slice(0, 80)}`);
      }
      for (const child of node.children) if (child?.hasError || child?.isMissing) visit(child);
    };
    visit(rootNode);
    return {
      errors: found,
      commands: texts("command_name").sort(),
      environment: [...new Set(texts("variable").map((text) => /^\$\{?env:(\w+)\}?$/.exec(text)?.[1]))]
        .filter((name) => name !== undefined)
        .sort(),
    };
  };
}
