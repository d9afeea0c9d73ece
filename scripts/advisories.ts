/** A known vulnerability of an installed package. */
export interface Advisory {
  /** The id in the GitHub Advisory Database, for example `GHSA-xxxx-xxxx-xxxx`. */
  id: string;
  package: string;
  /** The installed versions that have it. */
  versions: string[];
  severity: string;
  title: string;
}

/** A version of a package whose advisories are accepted for a time. */
export interface AcceptedPackage {
  package: string;
  version: string;
  /** The day from which it is no longer accepted, for example `2027-03-01`. */
  until: string;
  why: string;
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

/**
 * The advisories in a report of `pnpm audit --json`.
 * @throws {@link TypeError} when it is not such a report, and so nothing was audited
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
 * The advisories that nobody has accepted, or whose acceptance has expired.
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
 * Says in one sentence why there is no report.
 * @param output what pnpm printed instead of a report
 */
export function noReport(output: string): string {
  // pnpm wraps its lines at the terminal's width.
  const text = output.replace(/\s*\n\s*[│×]?\s*/g, " ").trim();
  const status = /responded with (\d{3})/.exec(text)?.[1];
  const why = status
    ? `the registry responds to audits with ${status}`
    : text.slice(0, 300) || "pnpm audit printed nothing";
  return `Nothing was audited: ${why}. Run it where https://registry.npmjs.org takes audits, as the workflow "Audit" does every day.`;
}
