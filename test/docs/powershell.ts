import { createRequire } from "node:module";
import { dirname, join } from "node:path";

// The package is CommonJS with types of an ES module, so `import` would give the wrong type.
const require = createRequire(import.meta.url);
const { Language, Parser } = require("@vscode/tree-sitter-wasm") as typeof import("@vscode/tree-sitter-wasm");
const grammar = join(dirname(require.resolve("@vscode/tree-sitter-wasm")), "tree-sitter-powershell.wasm");

/** The parts of a PowerShell script that tests check. */
export interface ParsedPowerShell {
  /** Syntax errors, as `line:column text`. */
  errors: string[];
  /** The names of its commands, without duplicates. */
  commands: string[];
  /** The environment variables that it reads or sets, without duplicates. */
  environment: string[];
}

/** Parses PowerShell with Visual Studio Code's grammar, so that PowerShell need not be installed. */
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
