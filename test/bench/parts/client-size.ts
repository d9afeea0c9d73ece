import { join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { paths } from "../../../scripts/paths.ts";
import { exactRow, type Part, type Row } from "../measure.ts";

const source = join(paths.client, "src");

/** The parts of the client, by the paths of their files below `src`. The first match counts. */
const PARTS: [name: string, files: RegExp][] = [
  ["openapi-fetch", /openapi-fetch\/dist/],
  ["operations and their filters", /^(generated|core\/(calls\/(operation|check-query)|resources)\.ts)|path-matcher/],
  ["http", /^http\//],
  ["lists", /^core\/lists\//],
  ["errors", /^core\/(errors\/|transport\/never-sent|retry-after)/],
  [
    "checks of options",
    /^(options\/|environment|core\/(check|defined|header-value|calls\/merge-headers|transport\/private-host|request-options)\.ts)/,
  ],
  ["redaction and logging", /^(core\/secrets\/|middleware\/(redaction|ignore-errors)|observers\/(observers|logging))/],
  ["tracing and metrics", /^observers\//],
  ["rate limit", /^middleware\/(rate-limit|wait-notice)/],
  ["sign-in", /^(auth\/|middleware\/(authorize|with-token|basic-for-token))/],
  ["createOnce and its search", /^helpers\/(create-once|find-or-create|pending-work)/],
  ["changeSeats", /^helpers\/seats/],
  ["downloads", /^helpers\/(download|write-whole)/],
  ["details, wait, due", /^helpers\//],
  ["the way of a call", /./],
];

const partOf = (file: string): string => PARTS.find(([, files]) => files.test(file))?.[0] ?? file;

/** Modules of other packages, which must not get into a program that only uses the client. */
const OTHERS = /(^|\/)packages\/(stores|sync|sql)\/|node:sqlite|node_modules\/(pg|ioredis|@duckdb)\//;

/** Bundles an entry for browsers, and gives each part's share of its gzipped kilobytes. */
async function sizeByPart(entry: string, name: string, what: string): Promise<{ rows: Row[]; others: number }> {
  const contents = `export { ${name} } from ${JSON.stringify(join(source, entry))}`;
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: source, loader: "ts" },
    ...{ bundle: true, minify: true, write: false, metafile: true, format: "esm", target: "es2022", logLevel: "error" },
    ...{ outfile: "client.js", absWorkingDir: source },
  });
  const [output] = outputFiles ?? [];
  const inputs = metafile?.outputs["client.js"]?.inputs ?? {};
  if (!output) throw new Error(`${entry} could not be built.`);
  const zipped = gzipSync(output.contents, { level: 9 }).length;
  const bytes = new Map<string, number>();
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const part = partOf(relative(source, resolve(source, file)));
    bytes.set(part, (bytes.get(part) ?? 0) + bytesInOutput);
  }
  const share = (part: number) => ((part / output.contents.length) * zipped) / 1000;
  // All modules that were read, also those that tree shaking removed.
  const others = Object.keys(metafile?.inputs ?? {}).filter((file) => OTHERS.test(resolve(source, file))).length;
  const rows = [
    exactRow(what, "all of it", "kB gzipped", zipped / 1000),
    ...[...bytes].sort((a, b) => b[1] - a[1]).map(([who, part]) => exactRow(what, who, "kB gzipped", share(part))),
    exactRow(what, "stores and sync", "modules", others),
  ];
  return { rows, others };
}

/** The size of each part of the client. */
export async function clientSizes(): Promise<Part> {
  const [client, http] = [
    await sizeByPart("index.ts", "createClient", "the client, by part"),
    await sizeByPart("http/create-http.ts", "createHttp", "/http, by part"),
  ];
  return {
    rows: [...client.rows, ...http.rows],
    budgets: [
      {
        name: "modules of stores and sync in a client's program",
        ratio: client.others + http.others,
        limit: 0,
        is: "at most",
      },
    ],
  };
}
