import { check, type Fault } from "./fault.ts";
import { readForm } from "./parameters.ts";
import type { ContentTable } from "./tables.ts";

/** Checks a body by what is documented for its media type. */
export function checkContent(faults: Fault[], content: ContentTable, body: unknown): void {
  if (!content.check) return;
  const isForm = content.form !== undefined && typeof body === "string";
  check(faults, content.check, isForm ? readForm(body, content.form as never) : body, "body");
}

/** The fault of a media type that is not documented. */
export function otherMediaType(contents: readonly ContentTable[], given: string | undefined): Fault {
  const documented = contents.map(({ mediaType }) => mediaType).join(", ");
  const message = given === undefined ? `is required: ${documented}` : `must be one of: ${documented}`;
  return { in: "header", name: "Content-Type", pointer: "", keyword: "contentMediaType", message };
}
