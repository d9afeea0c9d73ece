import { fileURLToPath } from "node:url";

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Where the docs' generators find their sources and leave their results. */
export const paths = {
  package: at("."),
  guides: at("guides"),
  errors: at("errors"),
  static: at("static"),
  styles: at("src/styles"),
  searchScript: at("src/search/browser.ts"),
  /** The built site. */
  dist: at("dist"),
  /** What the site is built from besides its sources: made by each build. */
  build: at("build"),
  /** What can be found on each page of the built site. */
  found: at("build/found.json"),
  /** Served as they are. */
  files: at("build/files"),
  downloads: at("build/files/downloads"),
  releases: at("../../openapi/releases"),
  decisions: at("../../openapi/decisions"),
  evidence: at("../../test/evidence/sources"),
  clientReadme: at("../client/README.md"),
  workflows: at("../../openapi/workflows"),
};
