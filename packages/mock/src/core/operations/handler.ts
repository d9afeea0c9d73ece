import type { operations } from "@imcloud/spec";
import type { WithoutNull } from "../messages/body.ts";
import type { OrderStop } from "../store/records.ts";
import type { Store } from "../store/store.ts";
import type { ReportLinks } from "./report-links.ts";

/** The ids of all operations except the sign-in, which has no handler. */
export type OperationId = Exclude<keyof operations, "token_create">;

type ParametersOf<Id extends OperationId, In extends string> = operations[Id]["parameters"] extends {
  [Name in In]?: infer Parameters;
}
  ? NonNullable<Parameters>
  : never;

/** Values of query parameters: text, or a list for a repeated name. */
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
  /** Where the order that the call places stops. */
  orderStop: OrderStop | undefined;
  /** Adds a problem of a successful call to the request log. */
  note(problem: string): void;
}

/** A validated call of an operation. */
export interface Call<Id extends OperationId> extends CallContext {
  params: { readonly [Name in keyof ParametersOf<Id, "path">]: string };
  query: QueryValues<keyof ParametersOf<Id, "query">>;
  body: BodyOf<Id>;
}

/** A validated call of any operation. */
export interface AnyCall extends CallContext {
  params: Readonly<Record<string, string>>;
  query: Readonly<Record<string, string | readonly string[]>>;
  body: unknown;
}

/** Performs an operation and returns the body of its success. @throws {@link DomainError} */
export type Handler<Id extends OperationId> = (call: Call<Id>) => SuccessOf<Id>;

/** A handler for each of some operations. A missing or misspelled one is a compiler error. */
export type Handlers<Id extends OperationId = OperationId> = { readonly [Each in Id]: Handler<Each> };

/** The handlers of a resource's operations, for example `orders` for `orders_list` and `orders_get`. */
export type HandlersOf<Resource extends string> = Handlers<Extract<OperationId, `${Resource}_${string}`>>;

/** Notes that an update had no visible effect, such as one with unknown members only. */
export function noteIfUnchanged({ note }: CallContext, before: object, after: object): void {
  const content = (view: object) => JSON.stringify({ ...view, lastModifiedDate: undefined });
  if (content(before) === content(after)) note("the update changed nothing");
}

/** Notes an id in an update's body that differs from the path's, which is used. */
export function noteOtherId({ note }: CallContext, id: string, body: { id?: string | undefined }): void {
  if (body.id !== undefined && body.id !== id) note('body member "id" has no effect; the path names the account');
}

/** The value of a query parameter; the first of several. */
export function queryParam<Name extends string>(
  { query }: { query: QueryValues<Name> },
  name: Name,
): string | undefined {
  const value: string | readonly string[] | undefined = query[name];
  return typeof value === "string" ? value : value?.[0];
}
