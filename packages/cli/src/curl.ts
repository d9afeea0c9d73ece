import type { PipelineRequest } from "@imcloud/client";
import type { Context } from "./context.ts";
import { CommandError } from "./exit-codes.ts";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A request as a curl command, with variables for secrets. */
export function toCurl({
  operation,
  method,
  url,
  body,
}: Pick<PipelineRequest, "operation" | "method" | "url" | "body">): string {
  return [
    `curl --fail-with-body --request ${method} ${quoted(url)}`,
    operation === "token_create"
      ? '--user "$IMCLOUD_USERNAME:$IMCLOUD_PASSWORD"'
      : '--header "Authorization: Bearer $IMCLOUD_TOKEN"',
    '--header "X-Subscription-Key: $IMCLOUD_SUBSCRIPTION_KEY"',
    ...(body === undefined ? [] : ["--header 'Content-Type: application/json'", `--data ${quoted(String(body))}`]),
  ].join(" \\\n  ");
}

/** Thrown instead of making a call with `--dry-run`. */
export class DryRun extends Error {
  readonly curl: string;

  constructor(curl: string) {
    super("Nothing was sent.");
    this.curl = curl;
  }
}

/** Refuses `--dry-run` for a command that is more than one call. */
export function refuseDryRun({ options }: Context, command: string): void {
  if (options.dryRun)
    throw new CommandError(`--dry-run shows one call of the API: there is none to show of ${command}.`);
}
