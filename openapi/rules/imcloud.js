/** Our own lint rules: what the document promises its readers, checked where redocly has no rule for it. */

import { sourced, sourceShaped } from "./source-rules.js";
import { eachSchema, isNullableRef, isRef, takesNull } from "./walk-schemas.js";

/** A schema that has an example of its own; objects, lists and references show those of their parts. */
const needsExample = (schema) => {
  const types = [schema.type].flat();
  return (
    !isRef(schema) && !isNullableRef(schema) && !types.includes("array") && !types.includes("object") && !schema.allOf
  );
};

/** Every property says what it is, and every value shows what it looks like. */
const propertiesDescribed = () => ({
  SchemaProperties(properties, { report, location }) {
    for (const [name, schema] of Object.entries(properties)) {
      const where = location.child([name]);
      if (!schema.description) {
        report({ message: `Property \`${name}\` needs a description.`, location: where });
      }
      if (needsExample(schema) && !schema.examples?.length) {
        report({ message: `Property \`${name}\` needs \`examples\`.`, location: where });
      }
    }
  },
});

/** An object inside a property has no name in the generated types; give it a file of its own. */
const noInlineObjects = () => ({
  SchemaProperties(properties, { report, location }) {
    for (const [name, schema] of Object.entries(properties)) {
      for (const inner of [schema, schema.items, schema.additionalProperties]) {
        const isNamed = !inner || isRef(inner) || isNullableRef(inner);
        if (!isNamed && (inner.properties || inner.allOf || inner.oneOf || inner.anyOf)) {
          report({
            message: `Property \`${name}\` holds an inline schema; move it to components/schemas.`,
            location: location.child([name]),
          });
        }
      }
    }
  },
});

/** A schema with a file of its own is a name in the generated types, and says what it stands for. */
const schemaDescribed = () => ({
  Schema(schema, { report, location }) {
    const isWholeFile = location.pointer === "#/";
    if (isWholeFile && !isRef(schema) && !schema.description) {
      report({ message: "A named schema needs a description." });
    }
  },
});

/** A flow list splits text at its commas: an example is one value, in quotes where it holds a comma. */
const oneExample = () => ({
  Schema(schema, { report, location }) {
    if (schema.examples?.length > 1) {
      report({
        message: "A schema shows one example. Quote text that holds a comma.",
        location: location.child(["examples"]).key(),
      });
    }
  },
});

/** Generators read `required` only beside the properties that it names, and a composed schema as an object only if it says so. */
const composedSchemas = () => ({
  Schema(schema, { report, location }) {
    if (isRef(schema)) return;
    if (schema.allOf && schema.type !== "object") {
      report({ message: "A schema that is composed with `allOf` needs `type: object`." });
    }
    for (const name of schema.required ?? []) {
      if (!(name in (schema.properties ?? {}))) {
        report({
          message: `\`${name}\` is required away from where it stands. Move it to the part that has the property.`,
          location: location.child(["required"]).key(),
        });
      }
    }
  },
});

/** The root is a table of contents: whoever looks for a fact finds it in the file that is named after it. */
const rootOnlyPoints = () => ({
  Root(root, { report, location }) {
    const entries = [
      ...Object.entries(root.paths ?? {}).map(([key, node]) => [["paths", key], node]),
      ...Object.entries(root.components ?? {}).flatMap(([kind, nodes]) =>
        Object.entries(nodes).map(([key, node]) => [["components", kind, key], node]),
      ),
    ];
    for (const [path, node] of entries) {
      if (!isRef(node)) {
        report({ message: `${path.join("/")} must be a $ref to a file.`, location: location.child(path) });
      }
    }
  },
});

/** Callers get a closed list of what they may send; readers must survive a value that is new. */
const enumsByDirection = () => {
  const forbid = (keyword, message) => ({
    MediaType(mediaType, { report, location, resolve }) {
      if (!mediaType.schema) return;
      eachSchema(mediaType.schema, location.child(["schema"]), resolve, (schema, at) => {
        if (schema[keyword]) report({ message, location: at.child([keyword]).key() });
      });
    },
  });
  return {
    RequestBody: forbid("x-extensible-enum", "A request's enum is closed: use `enum`."),
    Response: forbid("enum", "A response's enum is open: use `x-extensible-enum`."),
  };
};

/** The API takes `null` for what is left out, and clients of languages without `undefined` send it: decision 0011. */
const requestsTakeNull = () => ({
  RequestBody: {
    MediaType(mediaType, { report, location, resolve }) {
      if (!mediaType.schema) return;
      eachSchema(mediaType.schema, location.child(["schema"]), resolve, (schema, at) => {
        for (const [name, property] of Object.entries(schema.properties ?? {})) {
          if (schema.required?.includes(name) || takesNull(property)) continue;
          report({
            message: `\`${name}\` is optional and must take \`null\`.`,
            location: at.child(["properties", name]),
          });
        }
      });
    },
  },
});

const ALWAYS = ["400", "401", "403", "429", "500", "503", "504"];

/** The errors that any call can meet, and 404 where the path names a thing. */
const errorsDocumented = () => ({
  PathItem(pathItem, { report, location, key, resolve }) {
    const item = resolve(pathItem).node ?? pathItem;
    const expected = String(key).includes("{") ? [...ALWAYS, "404"] : ALWAYS;
    for (const [method, operation] of Object.entries(item)) {
      if (!operation?.responses) continue;
      for (const status of expected.filter((code) => !(code in operation.responses))) {
        report({
          message: `${operation.operationId} must document ${status}.`,
          location: location.child([method, "responses"]).key(),
        });
      }
    }
  },
});

/** Named examples make the samples, the mock's responses and the tests. */
const namedExamples = () => ({
  MediaType(mediaType, { report }) {
    if (!Object.keys(mediaType.examples ?? {}).length) report({ message: "Content needs a named example." });
  },
});

const OPERATION_ID =
  /^(token|customers|resellers|orders|products|plans|subscriptions|reports|validation)_[a-z][A-Za-z]*$/;

const operationIdNamed = () => ({
  Operation(operation, { report, location }) {
    const id = operation.operationId ?? "";
    const wrong = !OPERATION_ID.test(id)
      ? "is not `<resource>_<method>`"
      : operation.tags?.length !== 1 || operation.tags[0] !== id.split("_")[0]
        ? "must stand under the one tag that is its resource"
        : undefined;
    if (wrong) report({ message: `operationId \`${id}\` ${wrong}.`, location: location.child(["operationId"]) });
  },
});

export default () => ({
  id: "imcloud",
  rules: {
    oas3: {
      "properties-described": propertiesDescribed,
      "schema-described": schemaDescribed,
      "no-inline-objects": noInlineObjects,
      "one-example": oneExample,
      "composed-schemas": composedSchemas,
      "root-only-points": rootOnlyPoints,
      "enums-by-direction": enumsByDirection,
      "requests-take-null": requestsTakeNull,
      "errors-documented": errorsDocumented,
      "named-examples": namedExamples,
      "source-shaped": sourceShaped,
      sourced,
      "operation-id-named": operationIdNamed,
    },
  },
});
