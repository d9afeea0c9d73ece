import { type Document, endpointsOf, requestSchema, responseSchema } from "../document.ts";
import { type Field, fieldsOf, mergedSchema } from "../fields.ts";

/** What a document says of one place: an operation, a parameter, or a field that is sent or answered. */
export interface Fact {
  /** JSON types, sorted; empty where anything goes, and for operations. */
  types: string[];
  /** The values that are listed, sorted; `undefined` where none are. */
  values?: string[] | undefined;
  required: boolean;
}

/** Facts by where they are about, such as `POST /orders · request · products[].quantity`. */
export type Facts = Map<string, Fact>;

const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

/** An operation's place. The names of its path's parameters are left out, as they are a matter of taste. */
export const placeOf = ({ method, path }: { method: string; path: string }): string =>
  `${method.toUpperCase()} ${path.replace(/\{[^}]*\}/g, "{}").replace(/(.)\/$/, "$1")}`;

const factOf = ({ types, values, required }: Pick<Field, "types" | "values" | "required">): Fact => ({
  types: sorted(types),
  values: values && sorted(values.map(String)),
  required,
});

/** Everything that a bundled document says of its operations. Of the successes, whatever their status is, it takes one. */
export function factsOf(document: Document): Facts {
  const facts: Facts = new Map();
  for (const endpoint of endpointsOf(document)) {
    const where = placeOf(endpoint);
    facts.set(where, { types: [], required: false });
    // The names of a path's parameters are a matter of taste.
    for (const { name, in: place, schema = {}, required = false } of endpoint.parameters.filter(
      (parameter) => parameter.in !== "path",
    )) {
      facts.set(`${where} · ${place} · ${name}`, factOf({ ...mergedSchema(document, schema), required }));
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
