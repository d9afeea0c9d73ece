import { type Document, operationsOf } from "../document.ts";
import { curl } from "./curl.ts";
import { powershell } from "./powershell.ts";
import { python } from "./python.ts";
import { type HttpCall, type SampleCall, sampleCalls } from "./sample-call.ts";
import { typescript } from "./typescript.ts";

/** A call in a language. */
export interface Sample {
  lang: SampleLanguage;
  source: string;
}

/** The samples of one example of an operation's request. */
export interface ExampleSamples extends Pick<SampleCall, "example" | "summary" | "path" | "body"> {
  /** One for each language, in their order. */
  samples: Sample[];
}

/** What writes a call without a client of ours. */
const httpWriters = { curl, Python: python, PowerShell: powershell };

const writers = { curl, TypeScript: typescript, Python: python, PowerShell: powershell };

export type SampleLanguage = keyof typeof writers;

/** The languages of the samples, in the order in which they are offered. */
export const sampleLanguages = Object.keys(writers) as SampleLanguage[];

/** The samples of every operation by its id, example by example, made from the document's own examples. */
export function samplesOf(document: Document): Map<string, ExampleSamples[]> {
  return new Map(
    operationsOf(document).map((operation) => [
      operation.id,
      sampleCalls(document, operation).map((call) => {
        const { example, summary, path, body } = call;
        const samples = sampleLanguages.map((lang) => ({ lang, source: writers[lang](call) }));
        return { example, summary, path, body, samples };
      }),
    ]),
  );
}

/** A call as it was made, in each language that has no client of ours. */
export const samplesOfCall = (call: HttpCall): Sample[] =>
  Object.entries(httpWriters).map(([lang, write]) => ({ lang: lang as SampleLanguage, source: write(call) }));

export type { HttpCall } from "./sample-call.ts";
export { settings } from "./settings.ts";
