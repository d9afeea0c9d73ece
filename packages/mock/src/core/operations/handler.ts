import type { operations } from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";
import type { OrderStop } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { ReportLinks } from "./report-links.ts";

/** The ids of the document's operations that handlers respond to: all but the sign-in. */
export type OperationId = Exclude<keyof operations, "token_create">;

type ParametersOf<Id extends OperationId, In extends string> = operations[Id]["parameters"] extends {
  [Name in In]?: infer Parameters;
}
  ? NonNullable<Parameters>
  : never;

/** Values of query parameters as they come: texts, in a list where a name came more than once. */
export type QueryValues<Name extends PropertyKey> = { readonly [N in Name]?: string | readonly string[] };

type BodyOf<Id extends OperationId> = operations[Id] extends {
  requestBody: { content: { "application/json": infer Body } };
}
  ? WithoutNull<Body>
  : undefined;

/** The body of an operation's success. */
export type SuccessOf<Id extends OperationId> = operations[Id]["responses"] extends {
  200: { content: { "application/json": infer Body } };
}
  ? Body
  : never;

/** The context of every call, whatever its operation. */
export interface CallContext {
  store: Store;
  links: ReportLinks;
  /** Where an order that is placed by the call stops on its way. */
  orderStop: OrderStop | undefined;
  /** Tells the request log what is wrong with a call though it succeeds. */
  note(problem: string): void;
}

/** A call of an operation, validated against the document already. */
export interface Call<Id extends OperationId> extends CallContext {
  params: { readonly [Name in keyof ParametersOf<Id, "path">]: string };
  query: QueryValues<keyof ParametersOf<Id, "query">>;
  body: BodyOf<Id>;
}

/** A call before it is known which operation it is of. */
export interface AnyCall extends CallContext {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | readonly string[]>>;
  body: unknown;
}

/** Responds to an operation with the body of its success. Throws a `DomainError`. */
export type Handler<Id extends OperationId> = (call: Call<Id>) => SuccessOf<Id>;

/** A handler for each of some operations: one that is missing or misspelt is a compiler error. */
export type Handlers<Id extends OperationId = OperationId> = { readonly [Each in Id]: Handler<Each> };

/** The handlers of a resource's operations, for example `orders` for `orders_list` and `orders_get`. */
export type HandlersOf<Resource extends string> = Handlers<Extract<OperationId, `${Resource}_${string}`>>;

/** Notes that an update changed nothing of what a reader sees, as one does that names unknown members alone. */
export function noteIfUnchanged({ note }: CallContext, before: object, after: object): void {
  const content = (view: object) => JSON.stringify({ ...view, lastModifiedDate: undefined });
  if (content(before) === content(after)) note("the update changed nothing");
}

/** Notes the id in an update's body where it is another one than the path's, which counts. */
export function noteOtherId({ note }: CallContext, id: string, body: { id?: string | undefined }): void {
  if (body.id !== undefined && body.id !== id) note('body member "id" has no effect; the path names the account');
}

/** The one value of a query parameter; the first of several. */
export function queryParam<Name extends string>(
  { query }: { query: QueryValues<Name> },
  name: Name,
): string | undefined {
  const value: string | readonly string[] | undefined = query[name];
  return typeof value === "string" ? value : value?.[0];
}
