import type { Exchange, Parameter } from "./messages.ts";
import type { Verdict } from "./verdicts.ts";

/** A place where only one of the two finds an error. */
export interface Disagreement {
  by: "stock" | "ours";
  /** For example `request query:limit/0`; `crash: …` where stock Prism throws. */
  place: string;
  exchange: Exchange;
  stock: Verdict;
  ours: Verdict;
}

/** An intended difference from stock Prism. */
export interface KnownDifference {
  name: string;
  /** Why stock Prism is wrong. */
  reason: string;
  explains(disagreement: Disagreement): boolean;
}

/** The request parameter that contains a place. */
function parameterAt({ place, exchange }: Disagreement): Parameter | undefined {
  const [, kind, name] = /^request (path|query|header):([^/]*)/.exec(place) ?? [];
  return (exchange.operation.parameters as Parameter[]).find(
    (parameter) => parameter.in === kind && parameter.name.toLowerCase() === name,
  );
}

const crashed = ({ stock }: Disagreement, message: RegExp): boolean =>
  [...stock.places].some((place) => place.startsWith("crash: ") && message.test(place));

const authorizationOf = ({ exchange }: Disagreement): string => exchange.request.headers?.authorization ?? "";

const isWithin = (place: string, pointers: readonly string[]): boolean =>
  pointers.some((pointer) => {
    const inBody = place.replace(/^(request|response) body:/, "");
    return inBody === pointer || inBody.startsWith(`${pointer}/`);
  });

/** Every intended difference. A disagreement without an entry fails the test, and so does an entry that explains none. */
export const differences: readonly KnownDifference[] = [
  {
    name: "more than a hundred faults",
    reason: "Prism reports as many faults as a message has; what ours costs is bounded.",
    explains: ({ by, ours }) => by === "stock" && ours.isCut,
  },
  {
    name: "body of another media type",
    reason:
      "Besides the media type, Prism finds fault with the body by the schema of the type that is documented first, which says nothing of it.",
    explains: ({ by, place, ours }) =>
      by === "stock" && place.startsWith("response body:") && ours.places.has("response media type"),
  },
  {
    name: "structured syntax suffix",
    reason:
      "Prism takes application/problem+json for application/json, and for a documented application/vnd.note+json whichever comes first; they are media types of their own (RFC 6838 §4.2.8).",
    explains: (found) => {
      const { place, exchange } = found;
      if (!/media type$|body:/.test(place)) return false;
      const { requestBody, responses } = exchange.operation.operation;
      const [given, documented] = place.startsWith("request")
        ? [exchange.request, requestBody]
        : [exchange.response, responses];
      return `${given.headers?.["content-type"]} ${JSON.stringify(documented)}`.includes("+json");
    },
  },
  {
    name: "scheme in lower case",
    reason: 'Prism wants "Bearer" with a capital; the name of a scheme can be in any case (RFC 9110 §11.1).',
    explains: (found) =>
      found.by === "stock" && found.place === "request security" && /^bearer ./.test(authorizationOf(found)),
  },
  {
    name: "colon in a password",
    reason: "Prism wants exactly one colon in Basic credentials; a password may have more (RFC 7617 §2).",
    explains: (found) =>
      found.by === "stock" &&
      found.place === "request security" &&
      /^basic /i.test(authorizationOf(found)) &&
      /:.*:/.test(Buffer.from(authorizationOf(found).replace(/^basic /i, ""), "base64").toString()),
  },
  {
    name: "optional security",
    reason:
      "Prism refuses any Authorization header but the documented one where security is optional; without a match it is simply anonymous.",
    explains: ({ by, place, exchange }) =>
      by === "stock" && place === "request security" && exchange.operation.id === "security_optional",
  },
  {
    name: "body that is null, false or 0",
    reason: "Prism takes a body that JavaScript takes for false for no body, and does not check it.",
    explains: ({ place, exchange: { request } }) =>
      place.startsWith("request ") && /media type$|body:$/.test(place) && "body" in request && !request.body,
  },
  {
    name: "form without a media type",
    reason: "Prism checks the text of a form that does not say what it is as if it were what the text means.",
    explains: ({ place, exchange: { operation, request } }) =>
      place.startsWith("request body:") && operation.id === "messages_form" && !request.headers?.["content-type"],
  },
  {
    name: "query name in another case",
    reason: "Prism reads query parameters in any case; their names are case-sensitive (OpenAPI 3.1 §4.8.12.2).",
    explains: (found) => {
      const parameter = parameterAt(found);
      const given = Object.keys(found.exchange.request.url.query ?? {});
      return (
        parameter?.in === "query" &&
        given
          .map((name) => name.replace(/\[.*/, ""))
          .some((name) => name !== parameter.name && name.toLowerCase() === parameter.name.toLowerCase())
      );
    },
  },
  {
    name: "Accept as a parameter",
    reason:
      "Prism checks it; a header parameter called Accept, Content-Type or Authorization is to be ignored (OpenAPI 3.1 §4.8.12.2).",
    explains: ({ by, place }) => by === "stock" && place === "request header:accept",
  },
  {
    name: "explode by default",
    reason:
      "Prism takes form parameters that do not say `explode` for not exploded; the default of the style is true (OpenAPI 3.1 §4.8.12.2).",
    explains: (found) => {
      const parameter = parameterAt(found);
      return parameter?.in === "query" && parameter.explode === undefined && parameter.schema?.type === "array";
    },
  },
  {
    name: "space-delimited",
    reason: "Prism splits at %20, which is decoded before it looks; nothing is ever split.",
    explains: (found) => parameterAt(found)?.style === "spaceDelimited",
  },
  {
    name: "object in the query that is not there",
    reason:
      "Prism makes an empty object of an object that nothing stands for, so that an optional one must have its required members.",
    explains: (found) => {
      const { place, by, exchange } = found;
      const isWhole = /^request query:(filter|paged)(\/size)?$/.test(place);
      const given = Object.keys(exchange.request.url.query ?? {});
      const isGiven = place.endsWith("size")
        ? given.some((name) => name.startsWith("filter[size]["))
        : place.endsWith("filter")
          ? given.some((name) => name.startsWith("filter["))
          : given.some((name) => name === "page" || name === "pageSize");
      return by === "stock" && isWhole && !isGiven;
    },
  },
  {
    name: "members of an object in the query",
    reason: "Prism reads the members of an exploded object in lower case, and so finds none that has a capital.",
    explains: ({ by, place }) => by === "ours" && place === "request query:paged/pageSize",
  },
  {
    name: "parameter as JSON",
    reason: "Prism does not look into parameters that have a content.",
    explains: (found) => found.by === "ours" && parameterAt(found)?.content !== undefined,
  },
  {
    name: "list in a header that is not there",
    reason: "Prism throws where an optional list or object in a header is left out, and responds 500.",
    explains: (found) => crashed(found, /Cannot read properties of undefined \(reading 'split'\)/),
  },
  {
    name: "comma in a path",
    reason:
      "Prism makes a list of a path's value with a comma before it reads it as a list, and throws; a text with a comma is a list to it.",
    explains: (found) =>
      crashed(found, /value.split is not a function/) ||
      (found.place.startsWith("request path:") && decodeURIComponent(found.exchange.request.url.path).includes(",")),
  },
  {
    name: "label and matrix",
    reason:
      "Prism throws where a path's value does not begin as its style does, or where its name has a capital, and responds 500.",
    explains: (found) => crashed(found, /serialization style requires|parameters\[name\]/),
  },
  {
    name: "keywords after draft-07",
    reason:
      "Prism reads the schemas of OpenAPI 3.1 as draft-07: prefixItems, minContains, dependentRequired, dependentSchemas and unevaluatedProperties are passed over.",
    explains: ({ place, exchange }) =>
      exchange.operation.id === "schemas_newer" && isWithin(place, ["/pair", "/several", "/card", "/sub", "/sealed"]),
  },
  {
    name: "int64 above 2^53",
    reason: "Prism takes no number for an int64 that JavaScript does not tell from its neighbors, although it is one.",
    explains: ({ by, place, exchange: { request, response } }) =>
      by === "stock" && JSON.stringify(place.startsWith("request") ? request : response).includes(String(2 ** 60)),
  },
  {
    name: "time without an offset",
    reason: "Prism's formats take it; a time of JSON Schema is a full-time, which has an offset (RFC 3339 §5.6).",
    explains: ({ by, place, exchange }) =>
      by === "ours" && exchange.operation.id === "schemas_things" && isWithin(place, ["/time"]),
  },
  {
    name: "leading zeros in an address",
    reason: "Prism's formats take 01.1.1.1, which some read as octal; an ipv4 of JSON Schema has no leading zeros.",
    explains: ({ by, place, exchange }) =>
      by === "ours" && exchange.operation.id === "schemas_things" && isWithin(place, ["/address"]),
  },
  {
    name: "beside a reference",
    reason: "Prism puts what stands beside a reference in the place of what it refers to; in 3.1 both hold.",
    explains: ({ by, place, exchange }) =>
      by === "ours" && exchange.operation.id === "schemas_newer" && isWithin(place, ["/narrowed"]),
  },
  {
    name: "closed part of allOf",
    reason: "Prism merges allOf and lets a part that takes no other properties take those of the other parts.",
    explains: ({ by, place, exchange }) =>
      by === "ours" && exchange.operation.id === "schemas_closed" && isWithin(place, ["/merged"]),
  },
  {
    name: "readOnly inside a choice",
    reason:
      "Prism does not look for readOnly and writeOnly properties inside anyOf and oneOf, and so asks for them in requests.",
    explains: ({ by, place, exchange }) =>
      by === "stock" && exchange.operation.id === "schemas_sides" && isWithin(place, ["/choice"]),
  },
];
