import { fileURLToPath } from "node:url";
import { outputOf } from "../children.ts";
import { type Budget, byTurns, type Part, ratioOf, row } from "../measure.ts";

const ROUNDS = 11;
const CLI = fileURLToPath(new URL("../../../packages/cli/dist/cli.js", import.meta.url));

/** The arguments of each measured command, by its name. */
const STARTS: Record<string, string[]> = {
  node: ["--eval", "0"],
  "imcloud --version": [CLI, "--version"],
  "imcloud orders list --help": [CLI, "orders", "list", "--help"],
  "imcloud --mock orders list": [CLI, "--mock", "orders", "list"],
};

/** The time that a command takes, from the start of its process to its end. */
export async function command(): Promise<Part> {
  const measure = async (name: string) => {
    const start = performance.now();
    await outputOf(STARTS[name] ?? []);
    return performance.now() - start;
  };
  const found = await byTurns(Object.keys(STARTS), ROUNDS, measure, budgetsOf);
  return {
    rows: [...found].map(([who, rounds]) => row("start to end", who, "ms", rounds)),
    budgets: budgetsOf(found),
  };
}

/** Milliseconds that a command may take. */
const START = 150;

/** Limits for the start, in absolute terms and relative to an empty Node process, which takes some 40 ms. */
function budgetsOf(found: Map<string, number[]>): Budget[] {
  const node = found.get("node") ?? [];
  const version = found.get("imcloud --version") ?? [];
  const toNode = ratioOf(version, node);
  const toStart = ratioOf(version, START);
  const contenders = ["imcloud --version", "node"];
  return [
    { name: "imcloud --version to node alone", ...toNode, limit: 4, is: "at most", contenders },
    { name: `imcloud --version to ${START} ms`, ...toStart, limit: 1, is: "at most", isOnClock: true, contenders },
  ];
}
