import {
  type Document,
  type NamedOperation,
  operationsOf,
  type Reference,
  requestSchema,
  resolve,
  responseSchema,
  type Schema,
} from "../document.ts";
import { responseExamples } from "../examples.ts";
import { reachedComponents } from "../schema-walker.ts";
import { eachField, type FieldNode, fieldTree } from "./field-tree.ts";

/** A thing of the API, from the schema that tells most of it. */
export interface ObjectModel {
  component: string;
  /** Markdown. */
  description: string;
  /** All that can be read of it. */
  fields: FieldNode[];
  /** The field that tells in which state it is; `undefined` where none has a life cycle. */
  state: FieldNode | undefined;
  /** A whole one; `undefined` where no operation's example is one. */
  example: unknown;
  /** Operations that take or give it, in the order of the document. */
  uses: { operation: NamedOperation; isSent: boolean; isReceived: boolean }[];
}

/** Which components tell of an object. */
export interface ObjectComponents {
  /** The one that tells most of it. */
  whole: string;
  /** Others: rows of lists, what is sent to make it or to change it. */
  forms: string[];
}

/** The model of an object of a document, as the docs show it. */
export function objectModel(document: Document, { whole, forms }: ObjectComponents): ObjectModel {
  const root: Reference<Schema> = { $ref: `#/components/schemas/${whole}` };
  const operations = operationsOf(document);
  const reaches = (schema: Reference<Schema> | undefined) => {
    const reached = schema ? reachedComponents(document, [schema]) : new Set();
    return [whole, ...forms].some((name) => reached.has(name));
  };
  const isWhole = ({ operation }: NamedOperation) => {
    const schema = responseSchema(document, operation);
    return schema !== undefined && "$ref" in schema && schema.$ref.endsWith(`/${whole}`);
  };
  const reader = operations.find((operation) => operation.method === "get" && isWhole(operation));
  const examples = reader ? responseExamples(document, reader).map(([, value]) => value) : [];
  const fields = fieldTree(document, root, { direction: "response", prefix: "field", examples });
  return {
    component: whole,
    description: resolve<Schema>(document, root).description ?? "",
    fields,
    state: eachField(fields).find(({ lifeCycle }) => lifeCycle.length > 0),
    example: examples[0],
    uses: operations
      .map((operation) => ({
        operation,
        isSent: reaches(requestSchema(document, operation.operation)),
        isReceived: reaches(responseSchema(document, operation.operation)),
      }))
      .filter(({ isSent, isReceived }) => isSent || isReceived),
  };
}
