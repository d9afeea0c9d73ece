/** The rules by which everything in the document says where it comes from: decision 0008. */
import { httpMethods } from "@imcloud/openapi-tools/methods";
import { decisions, factIds, vendorOperations, vendorProperties, vendorSchemas } from "./sources.js";
import { eachSchema, isRef } from "./walk-schemas.js";

const CERTAINTIES = ["live", "vendor", "guide", "assumed"];

/** What is wrong with an `x-source`, in a sentence each. */
function* faultsOf(source, known) {
  const { certainty, facts = [], decision, ...more } = source ?? {};
  if (!CERTAINTIES.includes(certainty)) yield `\`certainty\` is one of ${CERTAINTIES.join(", ")}.`;
  for (const key of Object.keys(more)) yield `\`x-source\` has no \`${key}\`: it holds certainty, facts and decision.`;
  if (!Array.isArray(facts)) yield "`facts` is a list of ids.";
  else for (const id of facts) if (!known.facts.has(id)) yield `No table of evidence has a fact ${id}.`;
  if (decision !== undefined && !known.decisions.includes(decision)) yield `There is no decision ${decision}.`;
  if (certainty === "assumed" && decision === undefined) yield "What is assumed names the decision that says why.";
  if (["live", "vendor"].includes(certainty) && !facts.length && decision === undefined) {
    yield "What was seen, or said outside of the vendor's document, names its facts or a decision.";
  }
}

/** `x-source` has its documented shape, and points to facts and decisions that exist: decision 0008. */
export const sourceShaped = () => {
  const known = { facts: factIds(), decisions: decisions() };
  const check = (node, { report, location }) => {
    if (!("x-source" in node)) return;
    for (const message of faultsOf(node["x-source"], known)) {
      report({ message, location: location.child(["x-source"]).key() });
    }
  };
  return {
    Operation: check,
    Parameter: check,
    Response: check,
    Header: check,
    // A reference with words of its own is no node that is visited by itself.
    Schema(schema, context) {
      check(schema, context);
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (isRef(property)) check(property, { ...context, location: context.location.child(["properties", name]) });
      }
    },
  };
};

const nameOfFile = ({ source }) => source.absoluteRef.replace(/^.*\/|\.yaml$/g, "");

/** The properties of a schema and of all that it is composed of, with where they stand and whether that file has a source. */
function propertiesOf(schema, location, resolve) {
  const target = isRef(schema) ? resolve(schema, location.source.absoluteRef) : { node: schema, location };
  const own = Object.entries(target.node.properties ?? {}).map(([name, node]) => ({
    name,
    isSourced: "x-source" in node || "x-source" in target.node,
    location: target.location.child(["properties", name]),
  }));
  const parts = (target.node.allOf ?? []).flatMap((part, index) =>
    propertiesOf(part, target.location.child(["allOf", index]), resolve),
  );
  return [...parts, ...own];
}

/**
 * What the vendor's document has is certain by that, and says nothing. All else says where it comes from: a schema for all
 * of its properties, or each of them by itself.
 */
export const sourced = () => {
  const [ours, theirs, operations] = [vendorSchemas(), vendorProperties(), vendorOperations()];
  const [certain, uncertain] = [new Set(), new Map()];
  const keyOf = (location) => location.source.absoluteRef + location.pointer;

  /** Sorts the properties of one named schema. */
  function sort(schema, location, resolve, isPart) {
    const names = ours.get(nameOfFile(location));
    const has = new Set((names ?? []).flatMap((name) => [...(theirs.get(name) ?? [])]));
    const properties = propertiesOf(schema, location, resolve);
    if (!names && !isPart && !("x-source" in schema)) {
      uncertain.set(keyOf(location), { what: `The schema ${nameOfFile(location)}`, location });
    }
    for (const property of properties) {
      const key = keyOf(property.location);
      if ("x-source" in schema || property.isSourced || has.has(property.name)) certain.add(key);
      else if (!isPart) uncertain.set(key, { what: `Property \`${property.name}\``, location: property.location });
    }
  }

  function ofMedia(media, location, resolve) {
    const parts = new Set();
    const visited = [];
    eachSchema(media.schema, location.child(["schema"]), resolve, (schema, at) => {
      if (at.pointer !== "#/") return;
      visited.push([schema, at]);
      for (const part of (schema.allOf ?? []).filter(isRef)) parts.add(resolve(part, at.source.absoluteRef).node);
    });
    for (const [schema, at] of visited) sort(schema, at, resolve, parts.has(schema));
  }

  return {
    PathItem(item, { report, location, key, resolve }) {
      const { node, location: at } = isRef(item) ? resolve(item) : { node: item, location };
      for (const method of httpMethods.filter((name) => name in node)) {
        const operation = node[method];
        const where = at.child([method]);
        const parameters = operations.get(`${method.toUpperCase()} ${key}`);
        if (!parameters && !("x-source" in operation)) {
          report({
            message: "The vendor's document has no such operation: say its `x-source`.",
            location: where.key(),
          });
        }
        for (const reference of [...(node.parameters ?? []), ...(operation.parameters ?? [])]) {
          const parameter = isRef(reference) ? resolve(reference, at.source.absoluteRef).node : reference;
          const isTheirs = parameters?.has(parameter.name) || "x-source" in operation;
          if (!isTheirs && !("x-source" in parameter)) {
            report({ message: `Parameter \`${parameter.name}\` needs its \`x-source\`.`, location: where.key() });
          }
        }
        for (const [status, reference] of Object.entries(operation.responses ?? {})) {
          const response = isRef(reference) ? resolve(reference, at.source.absoluteRef).node : reference;
          // The vendor's how-tos read with 200; each write tells its own.
          if ("x-source" in response || (method === "get" && status === "200")) continue;
          const message = `The vendor's document has no status ${status}: say the \`x-source\` of the response.`;
          report({ message, location: where.child(["responses", status]).key() });
        }
      }
    },
    MediaType(media, { location, resolve }) {
      if (media.schema) ofMedia(media, location, resolve);
    },
    Root: {
      leave(_root, { report }) {
        for (const [key, { what, location }] of uncertain) {
          if (certain.has(key)) continue;
          report({
            message: `${what} is not in the vendor's document: say its \`x-source\`.`,
            location: location.key(),
          });
        }
      },
    },
  };
};
