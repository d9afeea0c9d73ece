import type { IHttpOperation } from "@stoplight/types";

/** The named examples of an operation's success. */
function successExamples(operation: IHttpOperation): { key: string; id: unknown }[] {
  return operation.responses
    .filter(({ code }) => code.startsWith("2"))
    .flatMap(({ contents = [] }) => contents.flatMap(({ examples = [] }) => examples))
    .flatMap((example) =>
      "value" in example && typeof example.value === "object" && example.value !== null
        ? [{ key: example.key, id: (example.value as { id?: unknown }).id }]
        : [],
    );
}

/** What the document has examples of: the things that exist as far as a mock without memory goes. */
export interface KnownThings {
  /** The kind and id in a path that names a thing which no example shows, for example `customer 999`. */
  missing(operation: IHttpOperation, path: string): string | undefined;
  /** Name of the example that shows the thing that the path names. */
  example(operation: IHttpOperation, path: string): string | undefined;
}

const PLACEHOLDER = /^\{\w+\}$/;

/** The value in `path` of the template's one parameter. */
function idIn(template: string, path: string): string | undefined {
  const index = template.split("/").findIndex((part) => PLACEHOLDER.test(part));
  const part = path.split("/")[index];
  return index < 0 || part === undefined ? undefined : decodeURIComponent(part);
}

export function knownThings(operations: IHttpOperation[]): KnownThings {
  // `/resellers/{id}/orders` names what `GET /resellers/{id}` shows.
  const getOf = (operation: IHttpOperation) => {
    const parts = operation.path.split("/");
    const thing = parts.slice(0, parts.findIndex((part) => PLACEHOLDER.test(part)) + 1).join("/");
    return operations.find(({ method, path }) => method === "get" && path === thing);
  };
  return {
    missing(operation, path) {
      const id = idIn(operation.path, path);
      const get = id === undefined ? undefined : getOf(operation);
      if (!get || successExamples(get).some((example) => example.id === id)) return undefined;
      const kind = get.path.split("/")[1]?.replace(/s$/, "");
      return `${kind} was found with id ${id}`;
    },
    example(operation, path) {
      const id = idIn(operation.path, path);
      return id === undefined ? undefined : successExamples(operation).find((example) => example.id === id)?.key;
    },
  };
}
