import type { HttpCall } from "./sample-call.ts";
import { settings } from "./settings.ts";
import { shQuoted } from "./shell-quoting.ts";

export function curl({ method, path, body, signsIn }: HttpCall): string {
  return [
    `curl --fail-with-body --request ${method.toUpperCase()} "$${settings.baseUrl}${path}"`,
    signsIn
      ? `--user "$${settings.username}:$${settings.password}"`
      : `--header "Authorization: Bearer $${settings.token}"`,
    `--header "X-Subscription-Key: $${settings.subscriptionKey}"`,
    ...(body ? [`--header "Content-Type: application/json"`, `--data ${shQuoted(JSON.stringify(body, null, 2))}`] : []),
  ].join(" \\\n  ");
}
