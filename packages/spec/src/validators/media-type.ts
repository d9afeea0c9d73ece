/** The type and subtype of a `Content-Type`, in lower case and without parameters (RFC 9110 §8.3.1). */
export function mediaTypeOf(contentType: string): string {
  const end = contentType.indexOf(";");
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

const rank = (range: string): number => (range === "*/*" ? 2 : range.endsWith("/*") ? 1 : 0);

/** Whether a media type is in a range such as `text/*`. */
const isIn = (mediaType: string, range: string): boolean =>
  range === mediaType || range === "*/*" || (range.endsWith("/*") && mediaType.startsWith(range.slice(0, -1)));

/** What is documented for a content type; of several that match, the most specific, as OpenAPI has it. */
export function contentFor<T extends { mediaType: string }>(
  contents: readonly T[],
  contentType: string,
): T | undefined {
  const [first] = contents;
  // Most operations have one, and most messages name it as it is.
  if (first && contents.length === 1 && first.mediaType === contentType) return first;
  const mediaType = mediaTypeOf(contentType);
  let best: T | undefined;
  for (const content of contents) {
    if (isIn(mediaType, content.mediaType) && (!best || rank(content.mediaType) < rank(best.mediaType))) best = content;
  }
  return best;
}
