import { readdir, readFile } from "node:fs/promises";
import type { Validators } from "@imcloud/mock/prism";
import type { Document } from "@imcloud/openapi-tools/document";
import { parse } from "yaml";
import { loadValidators } from "../../../packages/spec/generate/load-validators.ts";
import { document } from "../../support/document.ts";
import { Random } from "../../support/random.ts";
import { type Disagreement, differences } from "./differences.ts";
import { type Exchange, Messages } from "./messages.ts";
import { judgesOf, type Verdict } from "./verdicts.ts";

/** The result of a comparison. */
export interface Report {
  /** The number of exchanges, of a request and a response each. */
  exchanges: number;
  /** Messages that stock Prism finds valid, and invalid. */
  valid: number;
  invalid: number;
  /** The keywords that were violated somewhere. */
  keywords: ReadonlySet<string>;
  /** The number of disagreements that each known difference explains, by its name. */
  explained: Record<string, number>;
  /** The first disagreements without an explanation. */
  unexplained: string[];
}

/** The longest excerpt of a message in a report, in characters. */
const MAX_MESSAGE = 2_000;

const folder = new URL("./documents/", import.meta.url);

/** The documents by name: the API's, and test documents with features that it does not use. */
export async function documents(): Promise<Record<string, Document>> {
  const names = await readdir(folder);
  const own = names.map(
    async (name): Promise<[string, Document]> => [
      name.replace(".yaml", ""),
      parse(await readFile(new URL(name, folder), "utf8")),
    ],
  );
  return { api: document, ...Object.fromEntries(await Promise.all(own)) };
}

/** Every place where only one of the two finds an error. */
function disagreements(exchange: Exchange, stock: Verdict, ours: Verdict): Disagreement[] {
  const only = (by: "stock" | "ours", one: Verdict, other: Verdict) =>
    [...one.places].filter((place) => !other.places.has(place)).map((place) => ({ by, place, exchange, stock, ours }));
  return [...only("stock", stock, ours), ...only("ours", ours, stock)];
}

export interface Run {
  /** The number of exchanges for each operation. */
  count: number;
  /** The seed of the generated exchanges. */
  seed: number;
  /** @defaultValue the validators generated from the document */
  validators?: Validators;
}

/** Sends exchanges through stock Prism and through Prism with our validators, and compares the errors. */
export async function compare(document: Document, { count, seed, validators }: Run): Promise<Report> {
  const messages = new Messages(document);
  const judges = await judgesOf(document, validators ?? (await loadValidators(document)));
  const { keywords } = judges;
  const report: Report = { exchanges: 0, valid: 0, invalid: 0, keywords, explained: {}, unexplained: [] };
  for (const [at, operation] of messages.operations.entries()) {
    for (let round = 0; round < count; round += 1) {
      const exchange = messages.make(new Random(seed + at * 1_000_003 + round), operation, round);
      const [stock, ours] = [await judges.stock(exchange), await judges.ours(exchange)];
      report.exchanges += 1;
      for (const side of ["request", "response"]) {
        const isValid = ![...stock.places].some((place) => place.startsWith(side) || place.startsWith("crash"));
        report[isValid ? "valid" : "invalid"] += 1;
      }
      for (const found of disagreements(exchange, stock, ours)) {
        const known = differences.find((difference) => difference.explains(found));
        if (known) report.explained[known.name] = (report.explained[known.name] ?? 0) + 1;
        else if (report.unexplained.length < 20) {
          const { request, response } = exchange;
          const message = JSON.stringify(found.place.startsWith("response") ? response : request);
          const what = `${operation.id}: only ${found.by} finds ${found.place}`;
          report.unexplained.push(`${what} in ${message.slice(0, MAX_MESSAGE)}`);
        }
      }
    }
  }
  return report;
}
