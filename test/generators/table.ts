import { execFile } from "node:child_process";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { startMock } from "@imcloud/mock";
import { packageFile } from "@imcloud/openapi-tools/exec";
import { main } from "../../scripts/log.ts";
import { paths } from "../../scripts/paths.ts";
import { optionsOf } from "../../scripts/tasks.mjs";
import type { CallResult, Connection } from "./calls/calls.ts";
import { type ResponseFaults, responseFaults, typeFaults } from "./response-faults.ts";
import type { Form, Outcome, Tool } from "./tool.ts";

const folder = import.meta.dirname;

const forms: Form[] = [
  { version: "3.1", file: join(paths.spec, "openapi.json") },
  { version: "3.0", file: join(paths.spec, "openapi-3.0.json") },
];

/** The table's row for a tool and a form of the document. */
interface Row {
  tool: string;
  form: string;
  generated: string;
  compiled: string;
  calls: string;
}

/** Installs the tools: a workspace of its own, which a normal install leaves out. */
async function install(): Promise<void> {
  const { version } = JSON.parse(await readFile(packageFile("pnpm", "package.json", paths.tests), "utf8"));
  await promisify(execFile)("npx", ["--yes", `pnpm@${version}`, "install", "--frozen-lockfile"], { cwd: folder });
}

/** Loads the tools, which must be installed first. */
async function tools(): Promise<Tool[]> {
  const { generators } = await import("./generators.ts");
  const { servingTools } = await import("./serving.ts");
  const { postman } = await import("./postman.ts");
  return [...generators, ...servingTools, postman];
}

async function withMock<T>(use: (mock: Connection) => Promise<T>): Promise<T> {
  const mock = await startMock({ port: 0 });
  try {
    const { username, password, subscriptionKey, marketplace } = mock.credentials;
    return await use({ baseUrl: mock.url, username, password, subscriptionKey, marketplace });
  } finally {
    await mock.close();
  }
}

/** The problems of a call; empty when it succeeded and its response fits the document. */
const problemsOfCall = ([name, result]: [string, CallResult], faultsOf: ResponseFaults): string[] =>
  ("error" in result ? [result.error] : faultsOf(name, result.body)).map((problem) => `${name}: ${problem}`);

function judge(
  { compilerErrors, calls }: Outcome,
  faultsOf: ResponseFaults,
): { row: Pick<Row, "compiled" | "calls">; problems: string[] } {
  const ofCalls = Object.entries(calls).map((call) => problemsOfCall(call, faultsOf));
  const good = ofCalls.filter((problems) => !problems.length).length;
  return {
    row: {
      compiled: compilerErrors ? (compilerErrors.length ? `${compilerErrors.length} errors` : "yes") : "–",
      calls: `${good} of ${ofCalls.length}`,
    },
    problems: [
      ...(compilerErrors ?? []),
      ...ofCalls.flat(),
      ...(ofCalls.length < 5 ? ["It made fewer than 5 calls."] : []),
    ],
  };
}

/** Runs a tool on a form, in a folder of its own and with a mock of its own. */
async function tryOut(tool: Tool, form: Form): Promise<{ row: Row; problems: string[] }> {
  const names = { tool: tool.name, form: form.version };
  const output = join(folder, "generated", `${tool.name} ${form.version}`.replace(/[^\w.]+/g, "-"));
  await rm(output, { recursive: true, force: true });
  await mkdir(output, { recursive: true });
  try {
    const { row, problems } = judge(
      await withMock((mock) => tool.run(form, output, mock)),
      tool.isRandom ? typeFaults : responseFaults,
    );
    return { row: { ...names, generated: "yes", ...row }, problems };
  } catch (error) {
    return { row: { ...names, generated: "NO", compiled: "–", calls: "–" }, problems: [(error as Error).message] };
  }
}

main(async () => {
  const { tool: chosen } = optionsOf("generators");
  await install();
  const all = await tools();
  const unknown = chosen?.find((name) => !all.some((tool) => tool.name === name));
  if (unknown) throw new Error(`There is no tool "${unknown}"; take ${all.map(({ name }) => `"${name}"`).join(", ")}.`);
  const rows: Row[] = [];
  let failures = 0;
  for (const tool of all.filter(({ name }) => chosen?.includes(name) ?? true)) {
    for (const form of forms) {
      const { row, problems } = await tryOut(tool, form);
      rows.push(row);
      if (!problems.length) continue;
      failures += 1;
      console.error(`\n${tool.name}, ${form.version}`);
      for (const problem of problems.slice(0, 20)) console.error(`  ${problem.slice(0, 500)}`);
      if (problems.length > 20) console.error(`  and ${problems.length - 20} more`);
    }
  }
  console.table(rows);
  if (failures) throw new Error(`${failures} of ${rows.length} combinations of a tool and a form went wrong.`);
});
