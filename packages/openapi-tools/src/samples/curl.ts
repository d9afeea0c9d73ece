import type { SampleCall } from "./sample-call.ts";
import { settings } from "./settings.ts";

/** Text within single quotes of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

export function curl({ operation, path, body, signsIn }: SampleCall): string {
  return [
    `curl --fail-with-body --request ${operation.method.toUpperCase()} "$${settings.baseUrl}${path}"`,
    signsIn
      ? `--user "$${settings.username}:$${settings.password}"`
      : `--header "Authorization: Bearer $${settings.token}"`,
    `--header "X-Subscription-Key: $${settings.subscriptionKey}"`,
    ...(body ? [`--header "Content-Type: application/json"`, `--data ${quoted(JSON.stringify(body, null, 2))}`] : []),
  ].join(" \\\n  ");
}
