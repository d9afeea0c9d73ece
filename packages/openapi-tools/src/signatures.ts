import {
  componentName,
  type Document,
  jsonContent,
  type MediaType,
  type NamedOperation,
  resolve,
  successResponse,
} from "./document.ts";
import { capital } from "./text.ts";

/** The name of the component schema of JSON content. */
function schemaName(content: Record<string, MediaType> | undefined, where: string): string {
  const name = componentName(jsonContent(content)?.schema);
  if (name === undefined) throw new Error(`${where} needs a JSON schema with a name.`);
  return name;
}

interface ListSchema {
  properties?: { data?: { items?: { $ref?: string } }; pagination?: object };
}

/** The schema of the rows, if the operation is a paged list. */
function rowName(document: Document, result: string, query: string[]): string | undefined {
  const { properties } = (document.components?.schemas?.[result] ?? {}) as ListSchema;
  const pages = properties?.pagination && query.includes("offset") && query.includes("limit");
  return pages ? properties.data?.items?.$ref?.replace("#/components/schemas/", "") : undefined;
}

/** The signature of an operation's client method, by names of types. */
export interface Signature {
  /** The names of the path parameters, in order. */
  path: string[];
  /** Schema of the body. */
  body: string | undefined;
  /** The interface of its filters and paging, which the client generates. */
  query: string | undefined;
  queryRequired: boolean;
  /** Schema of the response. */
  result: string;
  /** The schema of a row, if the operation is a paged list. */
  row: string | undefined;
}

/**
 * The signature of an operation's client method.
 * @throws {@link Error} when the operation documents no success, or a schema has no name
 */
export function signatureOf(document: Document, { id, parameters, operation }: NamedOperation): Signature {
  const success = successResponse(document, operation);
  if (!success) throw new Error(`${id} documents no success.`);
  const body = operation.requestBody && resolve(document, operation.requestBody);
  const query = parameters.filter((parameter) => parameter.in === "query");
  const result = schemaName(success.content, `The response of ${id}`);
  return {
    path: parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name),
    body: body && schemaName(body.content, `The request of ${id}`),
    query: query.length ? `${id.split("_").map(capital).join("")}Query` : undefined,
    queryRequired: query.some(({ required }) => required),
    result,
    row: rowName(
      document,
      result,
      query.map(({ name }) => name),
    ),
  };
}
