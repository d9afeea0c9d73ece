/** A body as JSON, `undefined` where it is empty, or as text where it is not JSON. */
export function parseBody(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Reads a response's body to its end. */
export const readBody = async (response: Response): Promise<unknown> => parseBody(await response.text());
