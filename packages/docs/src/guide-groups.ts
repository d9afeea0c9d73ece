/** Guides that belong together. */
export interface GuideGroup {
  label: string;
  /** The names of their files, in the order in which they are read. */
  guides: string[];
}

const GROUPS: GuideGroup[] = [
  {
    label: "Begin",
    guides: ["install", "access", "signing-in", "errors", "limits", "paging", "collecting"],
  },
  {
    label: "Sell",
    guides: [
      "customers",
      "catalog",
      "selling",
      "microsoft",
      "subscriptions",
      "seats",
      "plans",
      "aligning",
      "scheduled",
      "renewals",
      "migrations",
    ],
  },
  { label: "Keep in step", guides: ["nightly-sync", "reports", "invoices"] },
  {
    label: "Build and run",
    guides: ["processes", "testing", "frontends", "queries", "web-apps", "going-live", "troubleshooting", "moving"],
  },
  { label: "Look up", guides: ["glossary"] },
];

/** Where a guide stands that no group names. */
const OTHERS = "Build and run";

/**
 * The groups of guides, in the order of the menu, of `llms.txt` and of the links from each to the next.
 * @param names of the guides that there are
 */
export function groupGuides(names: readonly string[]): GuideGroup[] {
  const grouped = new Set(GROUPS.flatMap(({ guides }) => guides));
  const others = names.filter((name) => !grouped.has(name)).sort();
  return GROUPS.map(({ label, guides }) => ({
    label,
    guides: [...guides.filter((name) => names.includes(name)), ...(label === OTHERS ? others : [])],
  }));
}
