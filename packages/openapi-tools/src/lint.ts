import { dirname, resolve } from "node:path";
import { type Config, createConfig, lint, loadConfig } from "@redocly/openapi-core";
import { throwErrors } from "./problems.ts";

/** A file to check, by the rules of a configuration. */
type Checked = [file: string, config: Config];

async function throwProblems(checked: Checked[]): Promise<void> {
  const problems = [];
  for (const [ref, config] of checked) problems.push(...(await lint({ ref, config })));
  throwErrors(problems);
}

/**
 * Checks every document that a configuration of redocly names, by its rules. It runs in this process, as starting another one takes
 * most of the time.
 * @param configPath the path of the configuration
 * @throws {@link Error} that says each error on a line
 */
export async function lintDocuments(configPath: string): Promise<void> {
  const config = await loadConfig({ configPath });
  const apis = Object.entries(config.resolvedConfig.apis ?? {});
  await throwProblems(apis.map(([name, { root }]) => [resolve(dirname(configPath), root), config.forAlias(name)]));
}

/**
 * Checks files by redocly's strictest rules, such as workflows.
 * @throws {@link Error} that says each error on a line
 */
export async function lintStrictly(files: string[]): Promise<void> {
  const config = await createConfig({ extends: ["recommended-strict"] });
  await throwProblems(files.map((file) => [file, config]));
}
