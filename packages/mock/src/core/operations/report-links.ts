import type { Report } from "@imcloud/spec";

/** Makes the signed download links of reports. */
export interface ReportLinks {
  of(report: Omit<Report, "downloadUrl">): string;
}

/** Placeholder links, for responses that are only validated. */
export const NO_LINKS: ReportLinks = { of: () => "https://files.example/" };
