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
export interface Examples {
  /** Words for a thing that a path names and no example shows, for example `customer was found with id 999`. */
  missing(operation: IHttpOperation, path: string): string | undefined;
  /** Name of the example that shows the thing that the path names, or else the one most like the body that was sent. */
  example(operation: IHttpOperation, path: string, body: unknown): string | undefined;
}

const PLACEHOLDER = /^\{\w+\}$/;

type Example = ReturnType<typeof successExamples>[number];

/** The example that shares the most plain values with a body; the first of them where several do. */
function mostAlike(examples: Example[], body: unknown): Example | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const sent = Object.entries(body).filter(([, value]) => typeof value !== "object");
  const alike = ({ value }: Example) => sent.filter(([key, word]) => value[key] === word).length;
  return examples.toSorted((a, b) => alike(b) - alike(a))[0];
}

/** What can be known of an operation before any request. */
function prepare(operation: IHttpOperation, operations: IHttpOperation[]) {
  const parts = operation.path.split("/");
  const idAt = parts.findIndex((part) => PLACEHOLDER.test(part));
  // `/resellers/{id}/orders` names what `GET /resellers/{id}` shows.
  const thing = parts.slice(0, idAt + 1).join("/");
  const get = operations.find(({ method, path }) => method === "get" && path === thing);
  return {
    examples: successExamples(operation),
    kind: parts[1]?.replace(/s$/, ""),
    knownIds: get && new Set(successExamples(get).map(({ value }) => value.id)),
    /** The value in `path` of the one parameter, where there is one. */
    idIn(path: string): string | undefined {
      const part = path.split("/")[idAt];
      return part === undefined ? undefined : decodeURIComponent(part);
    },
  };
}

export function examplesOf(operations: IHttpOperation[]): Examples {
  const prepared = new Map(operations.map((operation) => [operation, prepare(operation, operations)]));
  const of = (operation: IHttpOperation) => {
    const known = prepared.get(operation);
    if (!known) throw new Error(`${operation.method} ${operation.path} is no operation of the document.`);
    return known;
  };
  return {
    missing(operation, path) {
      const { idIn, knownIds, kind } = of(operation);
      const id = idIn(path);
      return id === undefined || !knownIds || knownIds.has(id) ? undefined : `${kind} was found with id ${id}`;
    },
    example(operation, path, body) {
      const { idIn, examples } = of(operation);
      const id = idIn(path);
      const shown = id === undefined ? undefined : examples.find(({ value }) => value.id === id);
      return (shown ?? mostAlike(examples, body))?.key;
    },
  };
}
