import { createRedactor, type Redactor } from "@imcloud/client/redact";
import { basicOf } from "../core/tokens.ts";
import type { DecodedBody } from "./decoded.ts";
import { type RawHeaders, valuesOf } from "./exchange.ts";

/** Characters of the shortest secret that is looked for everywhere: a shorter one would be found in many words. */
const MIN_SECRET = 6;

/** Hides the secrets of calls wherever they come up again, in a path or in a sentence too, in what is kept and in what is printed. */
export class CallSecrets {
  readonly redactor: Redactor = createRedactor([]);

  /** Learns what a call has to hide, before anything of it is shown. */
  learn(requestHeaders: RawHeaders, { text = "" }: DecodedBody): void {
    const basic = valuesOf(requestHeaders, "authorization").map(basicOf);
    const tokens = /"(?:access_token|refresh_token|token)"\s{0,5}:\s{0,5}"([^"\\]{8,})"/.exec(text);
    const secrets = [
      ...valuesOf(requestHeaders, "authorization").map((value) => value.replace(/^\w+ /, "")),
      ...valuesOf(requestHeaders, "x-subscription-key"),
      ...basic.map((pair) => pair.slice(pair.indexOf(":") + 1)),
      tokens?.[1] ?? "",
    ];
    for (const secret of secrets) if (secret.length >= MIN_SECRET) this.redactor.learn(secret);
  }
}
