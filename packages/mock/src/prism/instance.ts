import { createInstance, type IHttpConfig, type IHttpRequest, ProblemJsonError } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isLeft, right } from "fp-ts/lib/Either.js";
import { type ApiResponse, applicationError } from "../core/messages/responses.ts";
import { logger } from "./logger.ts";

/** Prism's components that can be replaced. */
export type Components = Omit<Parameters<typeof createInstance>[1], "logger" | "route">;

/** Settings of Prism for one request. */
export type RequestConfig = Pick<IHttpConfig, "mock"> & Partial<Pick<IHttpConfig, "checkSecurity" | "validateRequest">>;

const DEFAULT_CONFIG: IHttpConfig = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

/** Has Prism respond to a request for an operation that was found. */
export type PrismInstance = (
  request: IHttpRequest,
  operation: IHttpOperation,
  config?: RequestConfig,
) => Promise<ApiResponse>;

/** An instance of Prism, with its own components where none are given. Its failures are responses in the API's form. */
export function createPrism(components: Components): PrismInstance {
  // The operation is found before: Prism's own router looks through all of them.
  const route = ({ resources }: { resources: IHttpOperation[] }) => right(resources[0] as IHttpOperation);
  const prism = createInstance(DEFAULT_CONFIG, { ...components, logger, route });
  return async (request, operation, config) => {
    const { path } = request.url;
    const settings = config ? ({ ...DEFAULT_CONFIG, ...config } as IHttpConfig) : DEFAULT_CONFIG;
    const result = await prism.request(request, [operation], settings)();
    if (isLeft(result)) {
      const { left } = result;
      return left instanceof ProblemJsonError
        ? applicationError(left.status, left.detail, path)
        : applicationError(500, `The mock failed: ${left.message}`, path);
    }
    const { output, validations } = result.right;
    const violations = validations.output.filter(({ severity }) => severity === DiagnosticSeverity.Error);
    if (violations.length) {
      const message = `The mock's own response breaks the document: ${violations.map((violation) => violation.message).join("; ")}`;
      return applicationError(500, message, path);
    }
    return output as ApiResponse;
  };
}
