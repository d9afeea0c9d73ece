import { NotFoundError } from "@imcloud/client";
import { imcloud } from "../../../imcloud";

/** The part of a customer that the browser may see. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  try {
    const { name, status } = await imcloud().customers.get(id, { signal: request.signal });
    return Response.json({ name, status });
  } catch (error) {
    if (error instanceof NotFoundError)
      return Response.json({ message: "There is no such customer." }, { status: 404 });
    throw error;
  }
}
