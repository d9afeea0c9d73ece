import { NotFoundError } from "@imcloud/client";
import type { Resource } from "../tables/table-spec.ts";
import type { Context } from "./context.ts";

/** Resources with details. */
export type WithDetails = Extract<Resource, "subscriptions" | "customers" | "orders">;

/** A response that is not the requested resource, such as an empty one. */
export class UnexpectedResponse extends Error {
  override name = "UnexpectedResponse";
}

/** Whether a response is the resource with an id. */
function isOf(details: unknown, id: string): details is object {
  if (typeof details !== "object" || details === null || Array.isArray(details)) return false;
  const { id: own } = details as { id?: unknown };
  return Object.keys(details).length > 0 && (own === undefined || own === null || String(own) === id);
}

/**
 * Requests the details of a resource.
 * @returns `undefined` when the API says that it does not exist. An empty response does not say that.
 */
export async function requestDetails(
  { client, signal }: Context,
  resource: WithDetails,
  id: string,
): Promise<object | undefined> {
  let details: unknown;
  try {
    details = await client[resource].get(id, { signal });
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
  if (!isOf(details, id)) throw new UnexpectedResponse(`The response to the details of ${resource} ${id} is not them.`);
  return details;
}
