import { createRequire } from "node:module";
import type { IHttpRequest, IHttpResponse, PrismHttpComponents } from "@stoplight/prism-http";
import { DiagnosticSeverity, type IHttpOperation } from "@stoplight/types";
import { isLeft, map, right } from "fp-ts/lib/Either.js";
import { type Answer, applicationError, correlated, gatewayError } from "./error-body.ts";
import type { KnownThings } from "./known-things.ts";
import { credentials, isMockUser, type Tokens } from "./sign-in.ts";

type Mocker = PrismHttpComponents["mock"];
// Required, not imported: bundlers and Node disagree on what a CommonJS module's default import is.
const prismMocker: { default: Mocker } = createRequire(import.meta.url)("@stoplight/prism-http/dist/mocker/index.js");

type Violations = Parameters<Mocker>[0]["input"]["validations"];

const TOKEN_PATH = "/token";

/** The API's own words for what Prism found wrong with a request, every fault named. */
function refusal(violations: Violations, path: string): Answer | undefined {
  const faults = violations.filter(({ severity }) => severity === DiagnosticSeverity.Error);
  const [first] = faults;
  if (!first) return undefined;
  const coded = faults.find(({ code }) => code === 401 || code === 415);
  if (coded?.code === 401) {
    return applicationError(401, "Sign in first: the call needs an Authorization header", path, {
      "www-authenticate": path === TOKEN_PATH ? "Basic" : "Bearer",
    });
  }
  if (coded) return applicationError(415, coded.message, path);
  return applicationError(400, faults.map(({ message }) => message).join("; "), path);
}

/** Why the caller may not make this call. */
function unauthorized(operation: IHttpOperation, request: IHttpRequest, tokens: Tokens): Answer | undefined {
  const { authorization, "x-subscription-key": key } = request.headers ?? {};
  const { path } = request.url;
  // Not every installation has a gateway, so a key that is left out is not missed; a wrong one is refused by the gateway.
  if (key !== undefined && key !== credentials.subscriptionKey) {
    return gatewayError(401, "Access denied: the subscription key is not valid");
  }
  if (operation.path === TOKEN_PATH) {
    if (isMockUser(authorization)) return undefined;
    return applicationError(401, "The user name or the password is wrong", path, { "www-authenticate": "Basic" });
  }
  if (tokens.accepts(authorization)) return undefined;
  return applicationError(401, "The token is not valid or has ended; sign in again", path, {
    "www-authenticate": "Bearer",
  });
}

function createAnswerer(things: KnownThings, tokens: Tokens): Mocker {
  return ({ resource, input, config }) =>
    (logger) => {
      const { path } = input.data.url;
      const security = input.validations.filter(({ code }) => code === 401);
      const missing = things.missing(resource, path);
      const refused =
        refusal(security, path) ??
        unauthorized(resource, input.data, tokens) ??
        refusal(input.validations, path) ??
        (missing ? applicationError(404, `No ${missing}`, path) : undefined);
      if (refused) return right(refused as IHttpResponse);

      const exampleKey =
        config.exampleKey ?? (config.code ? undefined : things.example(resource, path, input.data.body));
      const answer = prismMocker.default({
        resource,
        input,
        config: { ...config, ...(exampleKey !== undefined && { exampleKey }) },
      })(logger);
      if (isLeft(answer) || resource.path !== TOKEN_PATH || answer.right.statusCode >= 300) return answer;

      const { marketplace } = input.data.body as { marketplace: string };
      if (marketplace !== credentials.marketplace) {
        const message = `There is no marketplace "${marketplace}" here; use "${credentials.marketplace}"`;
        return right(applicationError(400, message, path) as IHttpResponse);
      }
      const { expiresInSeconds } = answer.right.body as { expiresInSeconds: number };
      return right({ ...answer.right, body: { token: tokens.issue(expiresInSeconds), expiresInSeconds } });
    };
}

/**
 * Takes the place of Prism's own mocker. Refuses what is wrong with the request in the API's words, gives and checks tokens,
 * knows the things that the document has examples of, and leaves the answer itself to Prism.
 */
export function createMocker(things: KnownThings, tokens: Tokens): Mocker {
  const answer = createAnswerer(things, tokens);
  return (call) => (logger) => map((response: IHttpResponse) => correlated(response))(answer(call)(logger));
}
