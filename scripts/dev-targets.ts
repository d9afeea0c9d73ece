import type { RebuildTarget } from "./build.ts";

/** What a changed file rebuilds: the first of these that it is in. Astro's own server watches the docs' components, and Vite the example. */
const WATCHED: readonly [folder: string, target: RebuildTarget][] = [
  ["openapi/decisions", "pages"],
  ["openapi/workflows", "pages"],
  ["openapi", "document"],
  ["packages/openapi-tools", "document"],
  ["packages/spec", "document"],
  ["packages/client/README.md", "pages"],
  ["packages/client", "client"],
  ["packages/options", "options"],
  ["packages/sql", "sql"],
  ["packages/mock", "mock"],
  ["packages/theme", "mock"],
  ["packages/query", "query"],
  ["packages/stores", "stores"],
  ["packages/sync", "sync"],
  ["packages/cli", "cli"],
  ["packages/mcp", "mcp"],
  ["packages/docs", "pages"],
  ["test/evidence/sources", "pages"],
];

/** Folders and files that are watched: what is built, and what builds. */
export const WATCHED_PATHS = [
  "openapi",
  "packages",
  "test/evidence/sources",
  "scripts",
  "package.json",
  "pnpm-lock.yaml",
];

/** What the mock runs on. */
export const MOCK_TARGETS: readonly RebuildTarget[] = ["document", "client", "options", "mock"];

/** What changes the docs' pages: they run the client, the sandbox and the command line. */
export const PAGE_TARGETS: readonly RebuildTarget[] = [...MOCK_TARGETS, "cli", "pages"];

/** What a change of the document does not rebuild besides. */
export const NOT_OF_DOCUMENT: readonly RebuildTarget[] = ["stores", "sql"];

/** Files that the build makes or does not read. */
const IGNORED = /(^|[\\/])(node_modules|dist|build|generated|\.\w[^\\/]*)([\\/]|$)|\.test(-d)?\.ts$|~$/;

/** Whether a file, or a folder with all that is in it, is never built. */
export const isIgnored = (file: string): boolean => IGNORED.test(file);

/** Markdown that the docs have no page of. */
const MARKDOWN_WITHOUT_PAGE = /^(?!packages\/docs\/|packages\/client\/README\.md$|openapi\/decisions\/|test\/).*\.md$/;

/** Files that Astro's own server watches. */
const WATCHED_BY_ASTRO =
  /^packages\/docs\/(src\/(components|pages|reference|home|guides)\/|astro\.config\.ts$|tsconfig\.json$)/;

/** Generators: a change of one makes everything from the document again. */
const GENERATOR = /^packages\/(?!docs\/)[^/]+\/generate\//;

/** What a changed file rebuilds, if anything. */
export function rebuildTargetOf(file: string): RebuildTarget | undefined {
  if (isIgnored(file) || MARKDOWN_WITHOUT_PAGE.test(file) || WATCHED_BY_ASTRO.test(file)) return undefined;
  if (GENERATOR.test(file)) return "document";
  return WATCHED.find(([path]) => file === path || file.startsWith(`${path}/`))?.[1];
}

/** Whether a file is code of the build: a process that has loaded it must be replaced. */
export const isBuildCode = (file: string): boolean =>
  GENERATOR.test(file) || /^packages\/(openapi-tools|theme)\/.*\.ts$|\/tsdown\.config\.ts$/.test(file);

/** Whether a file is code that makes the pages. */
export const isPageCode = (file: string): boolean => /^packages\/docs\/(generate|src)\/.*\.ts$/.test(file);

/** Whether a changed file is used only by the next start: what is installed, and the code that watches, builds and serves. */
export const needsRestart = (file: string): boolean =>
  !isIgnored(file) &&
  /^(scripts\/.*|package\.json|pnpm-lock\.yaml|packages\/docs\/generate\/serve-site\.ts|packages\/example\/dev-server\.ts)$/.test(
    file,
  );
