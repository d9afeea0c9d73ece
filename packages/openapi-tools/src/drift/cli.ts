import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Document } from "../document.ts";
import { readAllowlist, withDecisions } from "./allowlist.ts";
import { compare, type Difference, type FindViolation } from "./compare.ts";
import { type Facts, factsOf } from "./facts.ts";
import { compareCalls, readHar } from "./har.ts";
import { loadDocument } from "./load.ts";
import { tables, tallyOf } from "./print.ts";
import { schemaViolations } from "./schema-violations.ts";

const source = (path: string) => fileURLToPath(new URL(`../../../../openapi/${path}`, import.meta.url));

const HELP = `Compares our document with another one of the same API, or with recorded calls.

  npm run drift -- <file|url>     another OpenAPI document, of one file or many
  npm run drift -- --har <file>   an HTTP archive, such as imcloud-mock proxy writes
  --json                          differences as JSON
  --all                           known differences too

Ends with 0 when all differences are known, 1 when some are new, 2 when it could not compare.`;

function parseArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      har: { type: "string" },
      json: { type: "boolean" },
      all: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  const [source, ...more] = positionals;
  if (more.length || (source === undefined) === (values.har === undefined)) {
    throw new Error(`Give one document, or --har and one archive.\n\n${HELP}`);
  }
  return { source, ...values };
}

interface OurDocument {
  document: Document;
  facts: Facts;
  findViolation: FindViolation;
}

async function readOurs(): Promise<OurDocument> {
  const document = await loadDocument(source("openapi.yaml"));
  return { document, facts: factsOf(document), findViolation: schemaViolations(document) };
}

let ours: Promise<OurDocument> | undefined;

/** Our document, read once for all comparisons of a process. */
function ourDocument(): Promise<OurDocument> {
  ours ??= readOurs();
  return ours;
}

/** What is compared with our document is read first, as it can be wrong. */
async function differences(source: string | undefined, har: string | undefined): Promise<Difference[]> {
  if (har !== undefined) {
    const calls = await readHar(har);
    const { document, facts } = await ourDocument();
    return compareCalls(document, facts, calls);
  }
  const theirs = factsOf(await loadDocument(String(source)));
  const { facts, findViolation } = await ourDocument();
  return compare(facts, theirs, findViolation);
}

/**
 * Compares as the words of a command line ask, and prints what differs.
 * @returns the exit code: 0 when all differences are known, 1 when some are new
 * @throws {@link Error} with a message for people when the words cannot be followed, or a file cannot be read
 */
export async function drift(args: string[], print: (text: string) => void): Promise<number> {
  const options = parseArguments(args);
  if (!options) {
    print(HELP);
    return 0;
  }
  const different = await differences(options.source, options.har);
  const found = withDecisions(different, await readAllowlist(source("decisions/known-differences.yaml")));
  const unexplained = found.filter(({ decision }) => !decision);
  const listed = options.all ? found : unexplained;
  const counts = { known: found.length - unexplained.length, new: unexplained.length };
  const tally = options.all
    ? tallyOf(found)
    : `${counts.known} known differences (--all shows them), ${counts.new} new.`;
  print(options.json ? JSON.stringify({ differences: listed, ...counts }, null, 2) : tables(listed) + tally);
  return unexplained.length ? 1 : 0;
}

if (import.meta.main) {
  try {
    process.exitCode = await drift(process.argv.slice(2), (text) => console.log(text));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}
