import { checkContent, otherMediaType } from "./body.ts";
import type { Fault } from "./fault.ts";
import { type HeaderValues, headerOf } from "./headers.ts";
import { contentFor } from "./media-type.ts";
import { checkQuery, checkTexts, type QueryValues } from "./parameters.ts";
import type { BodyTable, RequestTable } from "./tables.ts";

/** A request, taken apart. */
export interface RequestParts {
  /** The values of the path's parameters by name, percent-decoded. */
  path?: Readonly<Record<string, string | undefined>>;
  /** The values of query parameters by name, percent-decoded; several of one name as an array. */
  query?: QueryValues;
  headers?: HeaderValues;
  /** The parsed body; `undefined` where the request has none. A form is its text. */
  body?: unknown;
}

function checkBody(faults: Fault[], table: BodyTable | undefined, headers: HeaderValues, body: unknown): void {
  if (body === undefined) {
    if (table?.required) faults.push({ in: "body", pointer: "", keyword: "required", message: "is required" });
    return;
  }
  if (!table) {
    const message = "must be left out: the operation takes none";
    faults.push({ in: "body", pointer: "", keyword: "unexpected", message });
    return;
  }
  const contentType = headerOf(headers, "content-type");
  const { contents } = table;
  // A body that does not say what it is, is taken for what is documented first.
  const content = contentType === undefined ? contents[0] : contentFor(contents, contentType);
  if (content) checkContent(faults, content, body);
  else if (contents.length) faults.push(otherMediaType(contents, contentType));
}

const NOTHING = {};

/** What is wrong with a request by the table of its operation. */
export function checkRequest(table: RequestTable, parts: RequestParts): Fault[] {
  const { path = NOTHING, query = NOTHING, headers = NOTHING, body } = parts;
  const faults: Fault[] = [];
  checkTexts(faults, table.path, "path", (name) =>
    Object.hasOwn(path, name) ? (path as Record<string, string>)[name] : undefined,
  );
  checkQuery(faults, table.query, query);
  checkTexts(faults, table.headers, "header", (name) => headerOf(headers, name.toLowerCase()));
  checkBody(faults, table.body, headers, body);
  return faults;
}
