import type { Auth } from "../auth/auth.ts";
import { basic } from "../auth/password.ts";
import type { Checked, ClientOptions } from "../options.ts";
import type { Send } from "../pipeline/send.ts";
import { createLog } from "./log.ts";
import { type Observer, withObservers } from "./observer.ts";
import { createRedactor } from "./redact.ts";
import { createTracing } from "./tracing.ts";

/** What must never be shown of the credentials. */
function secretsOf(auth: Auth): string[] {
  if ("token" in auth) return [];
  if (!("oauth2" in auth)) return [auth.password, basic(auth).replace("Basic ", "")];
  return [auth.oauth2.password, auth.oauth2.clientSecret ?? ""];
}

/** Shows each sending to the logger and the tracer of the options, which know the client's secrets and learn its tokens. */
export function observed(
  send: Send,
  { auth, subscriptionKey, logger, logLevel = "info", tracer }: Checked<ClientOptions>,
): Send {
  const redactor = createRedactor([subscriptionKey ?? "", ...secretsOf(auth)]);
  const learn: Observer = ({ headers }) => {
    redactor.learn(headers.authorization?.replace(/^\w+ /, "") ?? "");
    return () => {};
  };
  return withObservers(send, [
    learn,
    ...(logger ? [createLog(logger, logLevel, redactor)] : []),
    ...(tracer ? [createTracing(tracer, redactor)] : []),
  ]);
}
