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
