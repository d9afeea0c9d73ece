/** A known fault of a package that is installed. */
export interface Advisory {
  /** Of the GitHub Advisory Database, for example `GHSA-xxxx-xxxx-xxxx`. */
  id: string;
  package: string;
  /** The versions that are installed and have it. */
  versions: string[];
  severity: string;
  title: string;
}

/** A version of a package whose advisories are accepted for a time. */
export interface AcceptedPackage {
  package: string;
  version: string;
  /** A day, for example `2027-03-01`. From then on it is accepted no more. */
  until: string;
  why: string;
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/**
 * The advisories in a report of `pnpm audit --json`.
 * @throws {@link TypeError} when it is no such report: then nothing was audited
 */
export function advisoriesIn(report: unknown): Advisory[] {
  const { advisories } = (report ?? {}) as { advisories?: Record<string, Record<string, unknown>> };
  if (typeof advisories !== "object" || advisories === null) throw new TypeError("pnpm audit gave no advisories.");
  return Object.values(advisories).map((advisory) => ({
    id: textOf(advisory.github_advisory_id) || textOf(advisory.id),
    package: textOf(advisory.module_name),
    versions: ((advisory.findings ?? []) as { version?: unknown }[]).map(({ version }) => textOf(version)),
    severity: textOf(advisory.severity),
    title: textOf(advisory.title),
  }));
}

/**
 * The advisories that nobody has accepted, or no more.
 * @param today for example `2026-11-26`
 */
export const openAdvisories = (
  advisories: readonly Advisory[],
  accepted: readonly AcceptedPackage[],
  today: string,
): Advisory[] =>
  advisories.filter(({ package: name, versions }) => {
    const isAccepted = (version: string) =>
      accepted.some((entry) => entry.package === name && entry.version === version && today < entry.until);
    return !versions.length || !versions.every(isAccepted);
  });

/**
 * Why there is no report, in a sentence.
 * @param said what pnpm printed in place of it
 */
export function noReport(said: string): string {
  // It breaks its lines at the width of a terminal.
  const text = said.replace(/\s*\n\s*[│×]?\s*/g, " ").trim();
  const status = /responded with (\d{3})/.exec(text)?.[1];
  const why = status
    ? `the registry responds to audits with ${status}`
    : text.slice(0, 300) || "pnpm audit printed nothing";
  return `Nothing was audited: ${why}. Run it where https://registry.npmjs.org takes audits, as the workflow "Audit" does every day.`;
}
