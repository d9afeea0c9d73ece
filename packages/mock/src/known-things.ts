import type { IHttpOperation } from "@stoplight/types";

/** The named examples of an operation's success that are objects. */
function successExamples(operation: IHttpOperation): { key: string; value: Record<string, unknown> }[] {
  return operation.responses
    .filter(({ code }) => code.startsWith("2"))
    .flatMap(({ contents = [] }) => contents.flatMap(({ examples = [] }) => examples))
    .flatMap((example) =>
      "value" in example && typeof example.value === "object" && example.value !== null
        ? [{ key: example.key, value: example.value as Record<string, unknown> }]
        : [],
    );
}

/** What the document has examples of: the things that exist as far as a mock without memory goes. */
export interface KnownThings {
  /** The kind and id in a path that names a thing which no example shows, for example `customer 999`. */
  missing(operation: IHttpOperation, path: string): string | undefined;
  /** Name of the example that shows the thing that the path names, or else the one most like the body that was sent. */
  example(operation: IHttpOperation, path: string, body: unknown): string | undefined;
}

const PLACEHOLDER = /^\{\w+\}$/;

/** The value in `path` of the template's one parameter. */
function idIn(template: string, path: string): string | undefined {
  const index = template.split("/").findIndex((part) => PLACEHOLDER.test(part));
  const part = path.split("/")[index];
  return index < 0 || part === undefined ? undefined : decodeURIComponent(part);
}

/** The example that shares the most plain values with a body; the first of them where several do. */
function mostAlike(examples: ReturnType<typeof successExamples>, body: unknown) {
  if (typeof body !== "object" || body === null) return undefined;
  const sent = Object.entries(body).filter(([, value]) => typeof value !== "object");
  const alike = ({ value }: (typeof examples)[number]) => sent.filter(([key, word]) => value[key] === word).length;
  return examples.toSorted((a, b) => alike(b) - alike(a))[0];
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
      if (!get || successExamples(get).some(({ value }) => value.id === id)) return undefined;
      const kind = get.path.split("/")[1]?.replace(/s$/, "");
      return `${kind} was found with id ${id}`;
    },
    example(operation, path, body) {
      const examples = successExamples(operation);
      const id = idIn(operation.path, path);
      const shown = id === undefined ? undefined : examples.find(({ value }) => value.id === id);
      return (shown ?? mostAlike(examples, body))?.key;
    },
  };
}
