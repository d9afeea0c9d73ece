import type { PipelineRequest } from "@imcloud/client";
import type { Context } from "./context.ts";
import { CommandError } from "./exit-codes.ts";

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** A request as a line of curl. Its secrets are names of variables. */
export function toCurl({ method, url, body }: Pick<PipelineRequest, "method" | "url" | "body">): string {
  return [
    `curl --fail-with-body --request ${method} ${quoted(url)}`,
    '--header "Authorization: Bearer $IMCLOUD_TOKEN"',
    '--header "X-Subscription-Key: $IMCLOUD_SUBSCRIPTION_KEY"',
    ...(body === undefined ? [] : ["--header 'Content-Type: application/json'", `--data ${quoted(String(body))}`]),
  ].join(" \\\n  ");
}

/** Thrown in place of a call that is only shown. */
export class DryRun extends Error {
  readonly curl: string;

  constructor(curl: string) {
    super("Nothing was sent.");
    this.curl = curl;
  }
}

/** Refuses `--dry-run` for what cannot be shown as one call, as it promises that nothing is done. */
export function refuseDryRun({ options }: Context, command: string): void {
  if (options.dryRun)
    throw new CommandError(`--dry-run shows one call of the API: there is none to show of ${command}.`);
}
