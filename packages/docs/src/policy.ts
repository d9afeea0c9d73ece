import { createHash } from "node:crypto";

/** What a page may load and call besides what is on the site. */
export interface PolicySources {
  /** The texts of the scripts that stand in the page itself. */
  inlineScripts?: readonly string[];
  /** More sources of scripts, for example `'unsafe-eval'`. */
  scripts?: readonly string[];
  /** What it may call besides the site. */
  connections?: readonly string[];
  workers?: readonly string[];
}

const hashOf = (script: string): string => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

/**
 * The Content-Security-Policy of a page: nothing may come from, or go to, another host, and no script runs but those that were built
 * into it. `file:` is for a page that is opened from a folder. Styles stand in attributes, which have no hashes.
 */
export function policyOf({ inlineScripts = [], scripts = [], connections = [], workers = [] }: PolicySources): string {
  const hashes = [...new Set(inlineScripts.map(hashOf))];
  return [
    "default-src 'none'",
    ["script-src 'self' file:", ...hashes, ...scripts].join(" "),
    "style-src 'self' file: 'unsafe-inline'",
    "img-src 'self' file: data:",
    "font-src 'self' file: data:",
    ["connect-src 'self'", ...connections].join(" "),
    ...(workers.length ? [`worker-src ${workers.join(" ")}`] : []),
    "base-uri 'none'",
    "form-action 'self' file:",
  ].join("; ");
}
