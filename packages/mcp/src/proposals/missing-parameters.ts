import { BadRequestError, type ImcloudClient, type OrderCreate } from "@imcloud/client";
import { ToolError } from "../results/failure.ts";

const ADVICE =
  "The marketplace gives no price: data.message says why, and data.parameters is what it asks for. Ask the user for the values, never invent them, and estimate again with the parameters of each product.";

/** The parameters of a product that are missing or wrong. */
async function parametersOf(imcloud: ImcloudClient, body: OrderCreate, signal: AbortSignal) {
  const products = (body.products ?? []).map((product) => ({ ...product, parameters: product.parameters ?? [] }));
  const request = { customerId: String(body.customerId), type: "sales" as const, products };
  const { data } = await imcloud.validation.parameters(request, { signal });
  return data.flatMap(({ id: productId, parameters = [] }) =>
    parameters
      .filter(({ result }) => result === "error")
      .map(({ name, type, valueError, valueChoices }) => ({ productId, name, type, valueError, valueChoices })),
  );
}

/**
 * Adds the parameters that the products of a refused sale need, as the refusal does not name all.
 * @returns the error to throw: the refusal itself if parameters are not the reason
 */
export async function explainRefusal(
  imcloud: ImcloudClient,
  body: OrderCreate,
  refusal: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(refusal instanceof BadRequestError) || body.type !== "sales") return refusal;
  const parameters = await parametersOf(imcloud, body, signal).catch(() => []);
  const { message, status, correlationId } = refusal;
  return parameters.length ? new ToolError(ADVICE, { message, status, correlationId, parameters }) : refusal;
}
