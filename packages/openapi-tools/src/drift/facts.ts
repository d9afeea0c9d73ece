import {
  type Document,
  endpointsOf,
  jsonContent,
  type MediaType,
  type Reference,
  requestSchema,
  resolve,
  responseSchema,
  type Schema,
  type Source,
  successResponse,
} from "../document.ts";
import { type Field, fieldsOf, mergedSchema } from "../fields.ts";

/** A document's statement about a place: an operation, a parameter, a body, or a field of a request or response. */
export interface Fact {
  /** The place, for example `GET /orders/{id} · response · status`. */
  place: string;
  /** JSON types, sorted; empty for any type, and for operations. */
  types: string[];
  /** The enum's values, sorted; `undefined` without an enum. */
  values?: string[] | undefined;
  required: boolean;
  /** Its source, if it is not in the vendor's document. */
  source?: Source | undefined;
  /** `format`, `pattern`, `minimum` and the like, by keyword. */
  constraints: Record<string, string | number>;
  default?: unknown;
  deprecated: boolean;
  examples: unknown[];
  /** The schema; `undefined` for operations. */
  schema?: Reference<Schema> | undefined;
}

/**
 * Facts by place, such as `POST /orders · request · products[].quantity`. The names of path parameters are left out
 * of the key (`GET /orders/{}`), as they have no effect.
 */
export type Facts = Map<string, Fact>;

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

interface Endpoint {
  method: string;
  path: string;
}

/** An operation's place for messages. */
export const readablePlaceOf = ({ method, path }: Endpoint): string =>
  `${method.toUpperCase()} ${path.replace(/(.)\/$/, "$1")}`;

/** An operation's key. */
export const placeOf = ({ method, path }: Endpoint): string =>
  readablePlaceOf({ method, path: path.replace(/\{[^}]*\}/g, "{}") });

type Said = Pick<
  Field,
  "types" | "values" | "required" | "constraints" | "default" | "deprecated" | "examples" | "source"
>;

const factOf = ({ types, values, required, constraints, ...said }: Said): Omit<Fact, "place"> => ({
  types: sorted(types),
  values: values && sorted(values.map(String)),
  required,
  constraints: constraints as Record<string, string | number>,
  default: said.default,
  deprecated: said.deprecated,
  examples: said.examples,
  source: said.source,
});

const NOTHING: Omit<Fact, "place"> = { types: [], required: false, constraints: {}, deprecated: false, examples: [] };

interface WithExample {
  example?: unknown;
  examples?: unknown[] | Record<string, Reference<{ value?: unknown }>>;
}

/** The examples of a schema, a parameter or a body, in each form that OpenAPI allows. */
function examplesIn(document: Document, node: WithExample): unknown[] {
  const listed = Array.isArray(node.examples)
    ? node.examples
    : Object.values(node.examples ?? {}).map((example) => resolve(document, example).value);
  return [...(node.example === undefined ? [] : [node.example]), ...listed];
}

const withExamples = (document: Document, schema: Reference<Schema>, said: Said): Said => ({
  ...said,
  examples: examplesIn(document, { ...resolve(document, schema), ...schema } as WithExample),
});

/** All facts of a bundled document. Of several success responses it takes one. */
export function factsOf(document: Document): Facts {
  const facts: Facts = new Map();
  for (const endpoint of endpointsOf(document)) {
    const [key, readable] = [placeOf(endpoint), readablePlaceOf(endpoint)];
    const add = (below: string, fact: Omit<Fact, "place">) =>
      facts.set(key + below, { ...fact, place: readable + below });
    add("", { ...NOTHING, source: endpoint.operation["x-source"] });
    for (const parameter of endpoint.parameters.filter(({ in: place }) => place !== "path")) {
      const { name, in: place, schema = {}, required = false, "x-source": source } = parameter;
      const said = withExamples(document, schema, { ...mergedSchema(document, schema), required, source });
      const examples = [...said.examples, ...examplesIn(document, parameter as WithExample)];
      add(` · ${place} · ${name}`, { ...factOf({ ...said, examples }), schema });
    }
    const { operation } = endpoint;
    const body = operation.requestBody && resolve(document, operation.requestBody);
    const bodies = {
      request: { schema: requestSchema(document, operation), media: jsonContent(body?.content) },
      response: {
        schema: responseSchema(document, operation),
        media: jsonContent(successResponse(document, operation)?.content),
      },
    };
    for (const direction of ["request", "response"] as const) {
      const { schema, media } = bodies[direction];
      if (!schema) continue;
      add(` · ${direction}`, {
        ...NOTHING,
        examples: examplesIn(document, (media ?? {}) as MediaType & WithExample),
        schema,
      });
      for (const field of fieldsOf(document, schema, direction)) {
        const said = withExamples(document, field.schema, field);
        add(` · ${direction} · ${field.place}`, { ...factOf(said), schema: field.schema });
      }
    }
  }
  return facts;
}
