import type { IForbiddenRuleType } from "dependency-cruiser";

/**
 * The layers, from the document to what is made of it. A layer may import the layers before it, and none after it. There
 * are no exceptions: a file that breaks a rule is in the wrong place.
 */
const LAYERS = [
  "packages/openapi-tools",
  "packages/options",
  "packages/sql",
  "packages/theme",
  "openapi",
  "packages/spec",
  "packages/client",
  "packages/mock",
  "packages/query",
  "packages/stores",
  "packages/sync",
  "packages/cli",
  "packages/mcp",
  "packages/example",
  "packages/docs",
  "scripts",
  "test",
];

const inside = (folder: string) => `^${folder}/`;

/** What each file may import. Types count as much as code. */
export const fileRules: IForbiddenRuleType[] = [
  ...LAYERS.slice(0, -1).map(
    (layer, index): IForbiddenRuleType => ({
      name: `layers of ${layer}`,
      comment: `Imports run one way: ${LAYERS.join(" → ")}.`,
      severity: "error",
      from: { path: inside(layer) },
      to: { path: LAYERS.slice(index + 1).map(inside) },
    }),
  ),
  {
    name: "no-circular-files",
    comment: "Two files that need each other are one, or a third is missing.",
    severity: "error",
    from: {},
    to: { circular: true },
  },
  {
    name: "packages-by-their-entries",
    comment: "Import another package by its name, so that only its exports are used.",
    severity: "error",
    from: { path: "^packages/([^/]+)/" },
    to: { path: "^packages/(?!openapi-tools/|options/|sql/)[^/]+/(src|generate)/", pathNot: "^packages/$1/" },
  },
  {
    name: "tests-by-their-entries",
    comment: "Tests use what packages export. Only generators, which are not published, are imported by path.",
    severity: "error",
    from: { path: "^test/" },
    to: { path: "^packages/[^/]+/(?!generate/|package\\.json$)", dependencyTypes: ["local"] },
  },
  {
    name: "src-without-generators",
    comment: "Published code does not import generators.",
    severity: "error",
    from: { path: "^packages/[^/]+/src/" },
    to: { path: "^packages/[^/]+/generate/" },
  },
  {
    name: "mock-core-without-node",
    comment: "The core of the mock runs in any runtime.",
    severity: "error",
    from: { path: "^packages/mock/src/core/" },
    to: { dependencyTypes: ["core"] },
  },
  {
    name: "mock-core-without-prism",
    comment: "The core of the mock knows nothing of what serves it.",
    severity: "error",
    from: { path: "^packages/mock/src/core/" },
    to: { path: ["node_modules/@stoplight/", "^packages/mock/src/(?!core/|generated/)"] },
  },
];
