import { type ValidationComponents, type Validators, validationComponents } from "@imcloud/mock/prism";
import type { Document } from "@imcloud/openapi-tools/document";
import { MAX_FAULTS } from "@imcloud/spec/validators";
import { createInstance, getHttpOperationsFromSpec, type IHttpConfig, type IHttpResponse } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isLeft, right } from "fp-ts/lib/Either.js";
import { prismLogger } from "../../support/prism.ts";
import type { Exchange } from "./messages.ts";

/** The errors found in an exchange. */
export interface Verdict {
  /** The places of the errors. */
  places: ReadonlySet<string>;
  /** Whether the limit of reported errors was reached, so that there may be more. */
  isCut: boolean;
}

/** Finds the errors of an exchange. */
export type Judge = (exchange: Exchange) => Promise<Verdict>;

type Output = Awaited<ReturnType<ReturnType<ReturnType<typeof createInstance>["request"]>>>;
type Diagnostic = Extract<Output, { _tag: "Right" }>["right"]["validations"]["input"][number];

const CONFIG: IHttpConfig = {
  ...{ isProxy: false, checkSecurity: true, validateRequest: true, validateResponse: true, errors: false },
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

const PARAMETERS = new Set(["path", "query", "header"]);

/**
 * The place of an error, for example `query:limit` or `body:/products/0/id`. Prism gives no place for errors outside of schemas, puts
 * a missing parameter at its location (`query`), and writes parameter names in lower case.
 */
function placeOf({ code, path, message }: Diagnostic): string {
  if (code === 401 || code === "security") return "security";
  if (code === 415 || code === "contentMediaType" || /^The received media type/.test(message)) return "media type";
  if (/^Unable to match the returned status/.test(message)) return "status";
  const [place = "body", ...steps] = path ?? [];
  if (place === "status") return "status";
  if (!PARAMETERS.has(place)) return ["body:", ...steps].join("/");
  const [, missing] = /must have required property '(.+)'/.exec(message) ?? [];
  const [name = missing ?? "", ...inside] = steps.map(String);
  return [`${place}:${name.toLowerCase()}`, ...inside].join("/");
}

function judge(
  operations: readonly IHttpOperation[],
  components: Partial<ValidationComponents>,
  keywords = new Set<string>(),
): Judge {
  let given: IHttpResponse;
  const mock = () => () => right(given);
  const prism = createInstance(CONFIG, { logger: prismLogger, mock, ...components });
  return async ({ operation, request, response }) => {
    const resource = operations.find(({ iid }) => iid === operation.id);
    if (!resource) throw new Error(`Prism does not know ${operation.id}.`);
    given = response;
    // Prism writes parsed values into its input.
    const result = await prism.request(structuredClone(request), [resource], CONFIG)();
    if (isLeft(result)) throw result.left;
    const { input, output } = result.right.validations;
    const errors = (diagnostics: Diagnostic[]) =>
      diagnostics
        .filter(({ severity }) => severity === DiagnosticSeverity.Error)
        .map((diagnostic) => {
          keywords.add(String(diagnostic.code));
          return placeOf(diagnostic);
        });
    const found = [
      ...errors(input).map((place) => `request ${place}`),
      ...errors(output).map((place) => `response ${place}`),
    ];
    return { places: new Set(found), isCut: Math.max(input.length, output.length) >= MAX_FAULTS };
  };
}

export interface Judges {
  stock: Judge;
  ours: Judge;
  /** The keywords whose violation stock Prism has found so far. */
  keywords: ReadonlySet<string>;
}

/** Stock Prism, and Prism with our generated validators. */
export async function judgesOf(document: Document, validators: Validators): Promise<Judges> {
  const operations = await getHttpOperationsFromSpec(structuredClone(document));
  const components = validationComponents({ validators });
  const keywords = new Set<string>();
  const stock = judge(operations, {}, keywords);
  return {
    keywords,
    ours: judge(operations, components),
    async stock(exchange) {
      try {
        return await stock(exchange);
      } catch (error) {
        return { places: new Set([`crash: ${(error as Error).message}`]), isCut: false };
      }
    },
  };
}
