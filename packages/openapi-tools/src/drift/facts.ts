import { type Document, endpointsOf, requestSchema, responseSchema, type Source } from "../document.ts";
import { type Field, fieldsOf, mergedSchema } from "../fields.ts";

/** What a document says of one place: an operation, a parameter, or a field that is sent or answered. */
export interface Fact {
  /** JSON types, sorted; empty where anything goes, and for operations. */
  types: string[];
  /** The values that are listed, sorted; `undefined` where none are. */
  values?: string[] | undefined;
  required: boolean;
  /** Where it comes from, when it is not in the vendor's document. */
  source?: Source | undefined;
}

/** Facts by where they are about, such as `POST /orders · request · products[].quantity`. */
export type Facts = Map<string, Fact>;

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

/** An operation's place. The names of its path's parameters are left out, as they are a matter of taste. */
export const placeOf = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "{}").replace(/(.)\/$/, "$1")}`;

const factOf = ({
  types,
  values,
  required,
  source,
}: Pick<Field, "types" | "values" | "required" | "source">): Fact => ({
  types: sorted(types),
  values: values && sorted(values.map(String)),
  required,
  source,
});

/** Everything that a bundled document says of its operations. Of the successes, whatever their status is, it takes one. */
export function factsOf(document: Document): Facts {
  const facts: Facts = new Map();
  for (const endpoint of endpointsOf(document)) {
    const where = placeOf(endpoint);
    facts.set(where, { types: [], required: false, source: endpoint.operation["x-source"] });
    // The names of a path's parameters are a matter of taste.
    for (const parameter of endpoint.parameters.filter(({ in: place }) => place !== "path")) {
      const { name, in: place, schema = {}, required = false, "x-source": source } = parameter;
      facts.set(`${where} · ${place} · ${name}`, factOf({ ...mergedSchema(document, schema), required, source }));
    }
    const bodies = {
      request: requestSchema(document, endpoint.operation),
      response: responseSchema(document, endpoint.operation),
    };
    for (const direction of ["request", "response"] as const) {
      const schema = bodies[direction];
      for (const field of schema ? fieldsOf(document, schema, direction) : []) {
        facts.set(`${where} · ${direction} · ${field.place}`, factOf(field));
      }
    }
  }
  return facts;
}
