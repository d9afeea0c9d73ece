import { checkContent, otherMediaType } from "./body.ts";
import type { Fault } from "./fault.ts";
import { type HeaderValues, headerOf } from "./headers.ts";
import { contentFor } from "./media-type.ts";
import { checkTexts } from "./parameters.ts";
import type { ResponsesTable, ResponseTable } from "./tables.ts";

/** A response, taken apart. */
export interface ResponseParts {
  /** Without them only the body is checked, as the media type that is documented first. */
  headers?: HeaderValues;
  /** The parsed body; `undefined` where the response has none. */
  body?: unknown;
}

/** What is documented for a status: for itself, for its class, or for all others. */
const responseFor = ({ byStatus }: ResponsesTable, status: number): ResponseTable | undefined =>
  byStatus[status] ?? byStatus[`${Math.floor(status / 100)}XX`] ?? byStatus.default;

function checkBody(faults: Fault[], { contents }: ResponseTable, { headers, body }: ResponseParts): void {
  const [first] = contents;
  if (!first) return;
  const contentType = headers && headerOf(headers, "content-type");
  const content = !headers ? first : contentType === undefined ? undefined : contentFor(contents, contentType);
  if (!content) faults.push(otherMediaType(contents, contentType));
  else if (body !== undefined) checkContent(faults, content, body);
  else if (content.check) faults.push({ in: "body", pointer: "", keyword: "required", message: "is required" });
}

/** What is wrong with a response by the table of its operation. */
export function checkResponse(table: ResponsesTable, status: number, parts: ResponseParts): Fault[] {
  const documented = responseFor(table, status);
  if (!documented) {
    const statuses = Object.keys(table.byStatus).join(", ");
    return [{ in: "status", pointer: "", keyword: "status", message: `status ${status} must be one of: ${statuses}` }];
  }
  const faults: Fault[] = [];
  const { headers } = parts;
  if (headers) checkTexts(faults, documented.headers, "header", (name) => headerOf(headers, name.toLowerCase()));
  if (!table.isHead) checkBody(faults, documented, parts);
  return faults;
}
