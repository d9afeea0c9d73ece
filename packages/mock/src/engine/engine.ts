import document from "@imcloud/spec/openapi.json" with { type: "json" };
import {
  createInstance,
  getHttpOperationsFromSpec,
  type IHttpRequest,
  NO_METHOD_MATCHED_ERROR,
  NO_PATH_MATCHED_ERROR,
  ProblemJsonError,
} from "@stoplight/prism-http";
import { getHttpConfigFromRequest } from "@stoplight/prism-http-server/dist/getHttpConfigFromRequest.js";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isLeft } from "fp-ts/lib/Either.js";
import { type Answer, applicationError, correlated, frameworkError } from "./error-body.ts";
import { type KnownThings, knownThings } from "./known-things.ts";
import { createMocker } from "./mocker.ts";
import { Tokens } from "./sign-in.ts";

/** Answers requests from the document. */
export type Engine = (request: IHttpRequest) => Promise<Answer>;

type Logger = Parameters<typeof createInstance>[1]["logger"];

const ignore = () => {};
/** Prism tells its log what it does; what a caller should know is in the answers. */
const logger = Object.fromEntries(
  ["fatal", "error", "warn", "info", "debug", "trace", "success"].map((level) => [level, ignore]),
) as unknown as Logger;
logger.child = () => logger;

let prepared: Promise<{ operations: IHttpOperation[]; things: KnownThings }> | undefined;

/** The document as Prism reads it; the same for all mocks of a process. */
function prepare() {
  prepared ??= getHttpOperationsFromSpec(structuredClone(document)).then((operations) => ({
    operations,
    things: knownThings(operations),
  }));
  return prepared;
}

/** The answer to what Prism could not serve: no such path, no such method, no such content type. */
function failure(error: Error, path: string): Answer {
  if (!(error instanceof ProblemJsonError)) return applicationError(500, `The mock failed: ${error.message}`, path);
  const reachesNoOperation = [NO_PATH_MATCHED_ERROR, NO_METHOD_MATCHED_ERROR].some(({ type }) =>
    error.name.endsWith(`#${type}`),
  );
  return reachesNoOperation ? frameworkError(error.status, path) : applicationError(error.status, error.detail, path);
}

export async function createEngine(): Promise<Engine> {
  const { operations, things } = await prepare();
  const standard = {
    isProxy: false as const,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: true,
    errors: false,
    upstreamProxy: undefined,
    mock: { dynamic: false },
  };
  const prism = createInstance(standard, { logger, mock: createMocker(things, new Tokens()) });

  return async (request) => {
    const { path } = request.url;
    const wanted = getHttpConfigFromRequest(request);
    if (isLeft(wanted)) return correlated(applicationError(400, wanted.left.message, path));
    const preferences = Object.fromEntries(Object.entries(wanted.right).filter(([, value]) => value !== undefined));
    const config = { ...standard, mock: { ...standard.mock, ...preferences } };
    const result = await prism.request(request, operations, config)();
    if (isLeft(result)) return correlated(failure(result.left, path));
    const { output, validations } = result.right;
    const faults = validations.output.filter(({ severity }) => severity === DiagnosticSeverity.Error);
    if (faults.length) {
      const message = `The mock's own answer breaks the document: ${faults.map((fault) => fault.message).join("; ")}`;
      return correlated(applicationError(500, message, path));
    }
    return output as Answer;
  };
}
