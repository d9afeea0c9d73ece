import { type Auth, basic } from "../auth/sign-in.ts";
import type { Checked, ClientOptions } from "../options.ts";
import { createLog } from "./log.ts";
import type { Observer } from "./observer.ts";
import { createRedactor } from "./redact.ts";
import { createTracing } from "./tracing.ts";

/** What must never be shown of the credentials. */
function secretsOf(auth: Auth): string[] {
  if ("token" in auth) return [];
  if (!("oauth2" in auth)) return [auth.password, basic(auth).replace("Basic ", "")];
  return [auth.oauth2.password, auth.oauth2.clientSecret ?? ""];
}

/** The observers that the options ask for, which know the client's secrets and learn its tokens. */
export function createObservers({
  auth,
  subscriptionKey,
  logger,
  logLevel = "info",
  tracer,
}: Checked<ClientOptions>): Observer[] {
  const redactor = createRedactor([subscriptionKey ?? "", ...secretsOf(auth)]);
  const learn: Observer = ({ headers }) => {
    redactor.learn(headers.get("authorization")?.replace(/^\w+ /, "") ?? "");
    return () => {};
  };
  return [
    learn,
    ...(logger ? [createLog(logger, logLevel, redactor)] : []),
    ...(tracer ? [createTracing(tracer, redactor)] : []),
  ];
}
