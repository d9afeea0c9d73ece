import { type Document, operationsOf } from "../document.ts";
import { curl } from "./curl.ts";
import { powershell } from "./powershell.ts";
import { python } from "./python.ts";
import { sampleCall } from "./sample-call.ts";
import { typescript } from "./typescript.ts";

/** A request sample, as Redocly's `x-codeSamples` has it. */
export interface Sample {
  lang: string;
  label: string;
  source: string;
}

const languages = { curl, TypeScript: typescript, PowerShell: powershell, Python: python };

/** The samples of every operation by its id, made from the document's own examples. */
export function samplesOf(document: Document): Map<string, Sample[]> {
  return new Map(
    operationsOf(document).map((operation) => {
      const call = sampleCall(document, operation);
      const samples = Object.entries(languages).map(([lang, write]) => ({ lang, label: lang, source: write(call) }));
      return [operation.id, samples];
    }),
  );
}

export { settings } from "./sample-call.ts";
