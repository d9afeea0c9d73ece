import type { IHttpOperation } from "@stoplight/types";

type Params = Readonly<Record<string, string>>;

interface Example {
  key: string;
  value: Record<string, unknown>;
}

/** The named examples of an operation's success that are objects. */
function successExamples(operation: IHttpOperation): Example[] {
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
  missing(operation: IHttpOperation, params: Params): string | undefined;
  /** Name of the example that shows the thing that the path names, or else the one most like the body that was sent. */
  example(operation: IHttpOperation, params: Params, body: unknown): string | undefined;
}

const PLACEHOLDER = /^\{(\w+)\}$/;

/** The example that shares the most plain values with a body; the first of them where several do. */
function mostAlike(examples: Example[], body: unknown): Example | undefined {
  if (typeof body !== "object" || body === null) return undefined;
  const sent = Object.entries(body).filter(([, value]) => typeof value !== "object");
  const alike = ({ value }: Example) => sent.filter(([key, word]) => value[key] === word).length;
  return examples.toSorted((a, b) => alike(b) - alike(a))[0];
}

/** A parameter of a path: what it names, and the ids of that which the document's examples show. */
interface NamedThing {
  parameter: string;
  kind: string;
  /** `undefined` where no operation shows such a thing. */
  knownIds: ReadonlySet<unknown> | undefined;
}

/** What the parameters of a path name: `/resellers/{id}/orders` names what `GET /resellers/{id}` shows. */
function thingsIn(path: string, operations: IHttpOperation[]): NamedThing[] {
  const parts = path.split("/");
  return parts.flatMap((part, at) => {
    const parameter = PLACEHOLDER.exec(part)?.[1];
    if (parameter === undefined) return [];
    const thing = parts.slice(0, at + 1).join("/");
    const get = operations.find((other) => other.method === "get" && other.path === thing);
    const kind = (parts[at - 1] ?? "").replace(/s$/, "");
    return [{ parameter, kind, knownIds: get && new Set(successExamples(get).map(({ value }) => value.id)) }];
  });
}

/** Prepares what is known of the examples of each operation. */
export function examplesOf(operations: IHttpOperation[]): Examples {
  const prepared = new Map(
    operations.map((operation) => [
      operation,
      { examples: successExamples(operation), things: thingsIn(operation.path, operations) },
    ]),
  );
  const of = (operation: IHttpOperation) => {
    const known = prepared.get(operation);
    if (!known) throw new Error(`${operation.method} ${operation.path} is no operation of the document.`);
    return known;
  };
  return {
    missing(operation, params) {
      const missing = of(operation).things.find(
        ({ parameter, knownIds }) => knownIds && !knownIds.has(params[parameter]),
      );
      return missing && `${missing.kind} was found with id ${params[missing.parameter]}`;
    },
    example(operation, params, body) {
      const { things, examples } = of(operation);
      const last = things.at(-1);
      const shown = last && examples.find(({ value }) => value.id === params[last.parameter]);
      return (shown ?? mostAlike(examples, body))?.key;
    },
  };
}
