import type {
  IHttpConfig,
  IHttpMockConfig,
  IHttpRequest,
  PrismHttpComponents,
  PrismHttpInstance,
  ProblemJsonError,
} from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isLeft, right } from "fp-ts/lib/Either.js";
import { type ApiResponse, applicationError } from "../core/messages/responses.ts";

/** Settings of Prism for one request. */
export type RequestConfig = Pick<IHttpConfig, "mock"> & Partial<Pick<IHttpConfig, "checkSecurity" | "validateRequest">>;

/** Settings of Prism as a mock. */
export const MOCK_CONFIG: IHttpMockConfig = {
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: false,
  upstreamProxy: undefined,
  mock: { dynamic: false },
};

/** Takes the operation that is given, as it was found before: Prism's own router looks through all of them. */
export const routeGiven: PrismHttpComponents["route"] = ({ resources }) => right(resources[0] as IHttpOperation);

/** Has Prism respond to a request for an operation that was found. */
export type Responder = (
  request: IHttpRequest,
  operation: IHttpOperation,
  config?: RequestConfig,
) => Promise<ApiResponse>;

/** An error of Prism's own components. Its class is not asked for, as it comes with all of them. */
const isProblem = (error: Error): error is ProblemJsonError => "status" in error && "detail" in error;

/** An instance of Prism, whose failures are responses in the API's form. */
export const createResponder =
  (prism: PrismHttpInstance): Responder =>
  async (request, operation, config) => {
    const { path } = request.url;
    const settings = config ? { ...MOCK_CONFIG, ...config } : MOCK_CONFIG;
    const result = await prism.request(request, [operation], settings)();
    if (isLeft(result)) {
      const { left } = result;
      return isProblem(left)
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
