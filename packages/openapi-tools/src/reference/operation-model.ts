import {
  componentName,
  type Document,
  type Example,
  type MediaType,
  type NamedOperation,
  operationsOf,
  type Reference,
  type RequestBody,
  type Response,
  resolve,
  type Schema,
  type Source,
} from "../document.ts";
import type { Direction } from "../fields.ts";
import { type FieldNode, fieldTree, parameterNode } from "./field-tree.ts";

/** An example of a whole body. */
export interface BodyExample {
  /** Its name in the document. */
  name: string;
  summary: string;
  mediaType: string;
  value: unknown;
}

/** What is sent or received. */
export interface BodyModel {
  mediaTypes: string[];
  examples: BodyExample[];
  /** The component that it is. */
  component: string | undefined;
  /** What it is made of, as a tree. */
  fields: FieldNode[];
}

/** A response by its status. */
export interface ResponseModel extends BodyModel {
  status: string;
  /** Markdown. */
  description: string;
  source: Source | undefined;
  headers: FieldNode[];
}

/** Where a parameter is sent. */
export type ParameterPlace = "path" | "query" | "header" | "cookie";

/** What can be done with what a response gave: a link of OpenAPI. */
export interface LinkModel {
  operationId: string;
  description: string;
  /** Parameters of that operation by name: values, or expressions such as `$response.body#/id`. */
  parameters: Record<string, string>;
}

/** The model of an operation, as the docs show it. */
export interface OperationModel extends NamedOperation {
  parameters: NamedOperation["parameters"];
  /** Its parameters as fields, by where they are sent; places without any are left out. */
  parameterGroups: { in: ParameterPlace; fields: FieldNode[] }[];
  request: (BodyModel & { required: boolean }) | undefined;
  success: ResponseModel;
  errors: ResponseModel[];
  links: LinkModel[];
  source: Source | undefined;
}

const PLACES: ParameterPlace[] = ["path", "query", "header", "cookie"];

/** The examples of a body in all of its media types. */
export function bodyExamples(document: Document, content: Record<string, MediaType> = {}): BodyExample[] {
  return Object.entries(content).flatMap(([mediaType, { examples = {} }]) =>
    Object.entries(examples).map(([name, node]) => {
      const { summary = name, value }: Example = resolve(document, node);
      return { name, summary, mediaType, value };
    }),
  );
}

/** Whether a schema has fields to tell of. */
function bodyModel(
  document: Document,
  content: Record<string, MediaType> | undefined,
  at: { direction: Direction; prefix: string },
): BodyModel {
  const examples = bodyExamples(document, content);
  const root: Reference<Schema> | undefined = Object.entries(content ?? {}).find(([type]) => /json/.test(type))?.[1]
    .schema;
  return {
    mediaTypes: Object.keys(content ?? {}),
    examples,
    component: componentName(root),
    fields: root ? fieldTree(document, root, { ...at, examples: examples.map(({ value }) => value) }) : [],
  };
}

interface Header {
  "x-source"?: Source;
  description?: string;
  required?: boolean;
  schema?: Reference<Schema>;
}

type SourcedResponse = Response & { "x-source"?: Source; links?: Record<string, Reference<LinkModel>> };

function responseModel(document: Document, status: string, node: Reference<Response>): ResponseModel {
  const response = resolve(document, node) as SourcedResponse;
  const headers = Object.entries(response.headers ?? {}).map(([name, header]) => ({
    ...parameterNode(document, { ...resolve(document, header as Reference<Header>), name, in: "header" }),
    anchor: `response-${status}-${name}`,
  }));
  return {
    status,
    description: response.description,
    source: response["x-source"],
    headers,
    ...bodyModel(document, response.content, { direction: "response", prefix: "response" }),
  };
}

const isSuccess = (status: string) => /^2/.test(status);

/**
 * An operation as pages, search and texts tell of it.
 * @throws {@link Error} when no response says that it succeeded
 */
export function operationModel(document: Document, named: NamedOperation): OperationModel {
  const { operation, parameters } = named;
  const statuses = Object.keys(operation.responses);
  const status = statuses.find(isSuccess);
  if (status === undefined) throw new Error(`${named.id} has no response that says it succeeded.`);
  const read = (name: string) => responseModel(document, name, operation.responses[name] as Reference<Response>);
  const success = resolve(document, operation.responses[status] as Reference<SourcedResponse>);
  const body = operation.requestBody && (resolve(document, operation.requestBody) as RequestBody);
  return {
    ...named,
    parameterGroups: PLACES.flatMap((place) => {
      const fields = parameters.filter((one) => one.in === place).map((one) => parameterNode(document, one));
      return fields.length ? [{ in: place, fields }] : [];
    }),
    request: body && {
      ...bodyModel(document, body.content, { direction: "request", prefix: "request" }),
      required: body.required ?? false,
    },
    success: read(status),
    errors: statuses.filter((name) => !isSuccess(name)).map(read),
    links: Object.values(success.links ?? {}).map((link) => resolve(document, link)),
    source: operation["x-source"],
  };
}

/** The models of all operations of a document, in its order. */
export const operationModels = (document: Document): OperationModel[] =>
  operationsOf(document).map((named) => operationModel(document, named));
