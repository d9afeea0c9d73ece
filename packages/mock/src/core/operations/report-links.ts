import type { Report } from "@imcloud/spec";

/** Makes the signed links by which reports are downloaded. */
export interface ReportLinks {
  of(report: Omit<Report, "downloadUrl">): string;
}

/** Stand for links where nobody follows them. */
export const NO_LINKS: ReportLinks = { of: () => "https://files.example/" };
