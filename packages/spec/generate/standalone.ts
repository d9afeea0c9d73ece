import { _, type CodeGen, type CodeKeywordDefinition, Name } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import addFormats from "ajv-formats";
import { MAX_FAULTS } from "../src/validators/fault.ts";
import type { SideSchemas } from "./request-or-response.ts";

/** Keywords that look at as many places as a message has. */
const LOOPS = ["items", "additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties"];

/** Checks schemas themselves. One for all: reading the schema of schemas takes longer than most documents. */
const metaSchema = new Ajv2020();

/** What Ajv's code calls the number of faults of a function so far. */
const ERRORS = new Name("errors");

/** Has the loops that are written meanwhile end when enough was found: what a message costs is bounded. */
function bounded(gen: CodeGen, write: () => void): void {
  const { forRange, forIn } = gen;
  const stop = () => {
    gen.if(_`${ERRORS} >= ${MAX_FAULTS}`, () => gen.break());
  };
  const stopFirst =
    (body: (at: Name) => void): typeof body =>
    (at) => {
      stop();
      body(at);
    };
  gen.forRange = (name, from, to, body, kind) => forRange.call(gen, name, from, to, stopFirst(body), kind);
  gen.forIn = (name, object, body, kind) => forIn.call(gen, name, object, stopFirst(body), kind);
  try {
    write();
  } finally {
    Object.assign(gen, { forRange, forIn });
  }
}

function boundLoops(ajv: Ajv2020): void {
  for (const keyword of LOOPS) {
    const definition = ajv.getKeyword(keyword) as CodeKeywordDefinition;
    ajv.removeKeyword(keyword);
    ajv.addKeyword({
      ...definition,
      code: (cxt, ruleType) => bounded(cxt.gen, () => definition.code(cxt, ruleType)),
    });
  }
}

/** Writes `import`s for what Ajv's code requires: a module has no `require`. */
function withImports(code: string): string {
  const names = new Map<string, string>();
  const body = code.replace(/require\("([^"]+)"\)/g, (_all, path: string) => {
    const name = names.get(path) ?? `required${names.size}`;
    names.set(path, name);
    return name;
  });
  const imports = [...names].map(([path, name]) => `import ${name} from "${path}.js";`);
  return [...imports, body].join("\n");
}

/**
 * Ajv's standalone code for some schemas: an ES module that exports a function for each, and makes no code when it runs.
 * @param roots the schemas by the names of their functions
 * @param coerces whether texts stand for the numbers, booleans and nulls that they spell, as in parameters
 */
export function standalone(schemas: SideSchemas, roots: Record<string, unknown>, coerces: boolean): string {
  const ajv = new Ajv2020({
    allErrors: true,
    ...{ meta: false, validateSchema: false },
    coerceTypes: coerces,
    // What strict mode refuses besides unknown words is held by the document's own tests.
    strict: true,
    strictTypes: false,
    strictRequired: false,
    strictTuples: false,
    inlineRefs: false,
    code: { source: true, esm: true, lines: false },
  });
  addFormats.default(ajv);
  boundLoops(ajv);
  const named = [
    ...Object.entries(roots).map(([name, schema]) => [`root:${name}`, schema] as const),
    ...Object.entries(schemas.byName).map(([name, schema]) => [`schema:${name}`, schema] as const),
  ];
  for (const [name, schema] of named) {
    metaSchema.validateSchema(schema as object, true);
    ajv.addSchema(schema as object, name);
  }
  const exported = Object.fromEntries(Object.keys(roots).map((name) => [name, `root:${name}`]));
  return withImports(standaloneCode.default(ajv, exported));
}
