import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Document, operationsOf } from "@imcloud/openapi-tools/document";
import { type SampleLanguage, samplesOfCall } from "@imcloud/openapi-tools/samples";
import { editAddress } from "../src/site-config.ts";
import type { Guide } from "./guides.ts";
import { type CallRecorder, createCallRecorder, type RecordedCall } from "./recorded-calls.ts";

/** A block of TypeScript, with the words after its language. */
const BLOCK = /^```ts(.*)\n([\s\S]*?)^```$/gm;

/** The words by which a block says which operation is shown, where its code does not say it: `tabs=reports_create`, or `tabs=none`. */
const TABS = / tabs=(\w+)/;

const FENCES: Record<SampleLanguage, string> = {
  TypeScript: "ts",
  curl: "sh",
  PowerShell: "powershell",
  Python: "python",
};

const block = (label: SampleLanguage, code: string) => `${label}:\n\n\`\`\`${FENCES[label]}\n${code.trimEnd()}\n\`\`\``;

/** Calls that change nothing, though they are sent by POST. */
const HARMLESS = new Set(["orders_estimate", "validation_parameters", "token_create"]);

/** Which operation a block of code shows, by its methods: the last that changes something, or else the one that it reads with. */
function operationFinder(document: Document): (code: string) => string | undefined {
  const operations = operationsOf(document);
  const named = new Map(operations.map((operation) => [operation.id, operation]));
  const byCall = new Map(
    operations.map((operation) => [`${operation.method.toUpperCase()} ${operation.path}`, operation]),
  );
  return (code) => {
    // Who makes a client shows how that is done.
    if (/createClient[.(]/.test(code)) return undefined;
    const methods = [...code.matchAll(/\bimcloud\.(\w+)\.(\w+)\(/g)].map(([, resource, method]) =>
      named.get(`${resource}_${String(method).replace(/Once$/, "")}`),
    );
    const paths = [...code.matchAll(/\bimcloud\.(?:http\.(\w+)\(|request\("(\w+)", )"([^"]+)"/g)].map(
      ([, http, method, path]) => byCall.get(`${http ?? method} ${path}`),
    );
    const found = [...new Set([...methods, ...paths])].filter((operation) => operation !== undefined);
    const writes = found.filter(({ id, method }) => method !== "get" && !HARMLESS.has(id));
    return (writes.at(-1) ?? (found.length === 1 ? found[0] : undefined))?.id;
  };
}

/**
 * A guide's Markdown with each call that it shows in four languages: its own TypeScript, and the call that this makes in the others.
 * @throws {@link Error} when a block does not make the call that it says it shows
 */
async function inFourLanguages(
  { page, body }: Guide,
  operationOf: (code: string) => string | undefined,
  record: CallRecorder,
): Promise<string> {
  const blocks = await Promise.all(
    [...body.matchAll(BLOCK)].map(async ([whole, words = "", code = ""], index) => {
      const operation = words.match(TABS)?.[1] ?? operationOf(code);
      if (!operation || operation === "none" || words.includes("no-run")) return whole;
      const calls = await record(`${page}, ts ${index + 1}`, code);
      const isShown = (each: RecordedCall) => each.operation === operation;
      // A list that is read on makes several calls: the first is the one to begin with.
      const call = calls.some(({ method }) => method !== "get") ? calls.findLast(isShown) : calls.find(isShown);
      if (!call) throw new Error(`${page}, ts ${index + 1} makes no call of ${operation}.`);
      const others = samplesOfCall(call).map(({ lang, source }) => block(lang, source));
      return `<sample-tabs>\n\n${[block("TypeScript", code), ...others].join("\n\n")}\n\n</sample-tabs>`;
    }),
  );
  return body.replace(BLOCK, () => String(blocks.shift()));
}

/**
 * Guides with every call in four languages.
 * @param folder for what their code is run from
 */
export async function guidesInFourLanguages(guides: Guide[], document: Document, folder: string): Promise<Guide[]> {
  const [operationOf, record] = [operationFinder(document), await createCallRecorder(document, folder)];
  return Promise.all(
    guides.map(async (guide) => ({ ...guide, body: await inFourLanguages(guide, operationOf, record) })),
  );
}

/** Writes guides as pages: their head, where they are edited, and their text. */
export async function writeGuidePages(guides: Guide[], folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(
    guides.map(({ page, head, body }) => {
      const name = page.replace("guides/", "");
      const edited = head.replace(/\n---\n$/, `\neditUrl: ${editAddress(`packages/docs/guides/${name}.md`)}\n---\n`);
      return writeFile(join(folder, `${name}.md`), `${edited}\n${body}\n`);
    }),
  );
}
