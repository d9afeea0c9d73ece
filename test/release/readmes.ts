import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentOf, shell } from "./run.ts";

/** The first block of a README in one of these languages. */
function firstBlock(readme: string, ...languages: string[]): string | undefined {
  return new RegExp(`\`\`\`(?:${languages.join("|")})\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
}

/** The first steps of a README: the install command, if any, and an example, or else a command. */
export interface FirstSteps {
  install?: string | undefined;
  example?: string | undefined;
  isTypeScript?: boolean;
  /** A shell command. */
  command?: string | undefined;
  output?: string | undefined;
  /** An MCP server, as a host starts it. */
  server?: { command: string; args: string[] } | undefined;
}

/** Reads the first steps from a README. */
export function firstStepsOf(readme: string): FirstSteps {
  const install = /^npm install (?!.*--global)[^\n]*/m.exec(readme)?.[0];
  const example = firstBlock(readme, "js", "ts");
  if (install && example) return { install, example, isTypeScript: example !== firstBlock(readme, "js") };
  const settings = firstBlock(readme, "json");
  if (settings)
    return { server: Object.values(JSON.parse(settings).mcpServers)[0] as NonNullable<FirstSteps["server"]> };
  const [command] = firstBlock(readme, "sh")?.split("\n") ?? [];
  return { command, output: firstBlock(readme, "text") };
}

/** An environment whose npm cache has the downloads, but nothing that `npx` installed before. */
async function withoutNpx(folder: string, env: Record<string, string>): Promise<Record<string, string>> {
  const cache = join(folder, ".npm");
  await mkdir(cache);
  const downloaded = (await shell("npm config get cache", folder, env)).trim();
  await symlink(join(downloaded, "_cacache"), join(cache, "_cacache"));
  return { ...env, npm_config_cache: cache };
}

/** The surroundings of a README's first steps. */
export interface Place {
  folder: string;
  node: string;
  npmrc: string;
  /** The URL of a mock, which replaces the README's. */
  baseUrl: string;
}

/** A host's first message, by the protocol. */
const INITIALIZE = {
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "host", version: "1.0.0" } },
};

/** Starts a server as a host does, sends `initialize`, and returns the response. */
function greet({ command, args }: NonNullable<FirstSteps["server"]>, folder: string, env: Record<string, string>) {
  return shell(
    `(echo '${JSON.stringify(INITIALIZE)}'; sleep 15) | ${[command, ...args].join(" ")} | head -n 1`,
    folder,
    env,
  );
}

/** An example as JavaScript, which the oldest Node runs. */
async function withoutTypes(example: string): Promise<string> {
  // Imported late, as it takes a third of a second to load.
  const { default: ts } = await import("typescript");
  const { outputText } = ts.transpileModule(example, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true },
  });
  return outputText;
}

/**
 * Follows a README's first steps in an empty folder, and returns the example's output.
 * @throws {@link Error} when a step fails, or a command prints something else than the README shows
 */
export async function followReadme(readme: string, { folder, node, npmrc, baseUrl }: Place): Promise<string> {
  const env = environmentOf(node);
  await writeFile(join(folder, ".npmrc"), npmrc);
  const { install, example, isTypeScript, command, output, server } = firstStepsOf(readme);
  if (server) return greet(server, folder, await withoutNpx(folder, env));
  if (command) {
    const printed = await shell(command.replace(/^npx /, "npx --yes "), folder, await withoutNpx(folder, env));
    // In a terminal, as the README shows it, tables have fewer columns than in a pipe.
    const lines = printed.split("\n");
    const isShown = output?.split("\n").every((line, index) => lines[index]?.startsWith(line)) ?? true;
    if (!isShown) throw new Error(`${command} prints\n${printed}\nand not\n${output}`);
    return printed;
  }
  if (!install || !example) throw new Error("The README has neither a line that installs nor a command.");
  await shell(`${install.replace(/ *#.*/, "")} --no-audit --no-fund --prefer-offline`, folder, env);
  const local = example.replaceAll("http://127.0.0.1:4010/marketplace", baseUrl);
  await writeFile(join(folder, "example.mjs"), isTypeScript ? await withoutTypes(local) : local);
  return shell("node --no-warnings example.mjs", folder, env);
}
