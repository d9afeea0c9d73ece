/** The default start of the clock, in milliseconds since 1970: the end of the history that the examples of the document tell. */
export const DEFAULT_TIME = Date.parse("2026-10-05T12:00:00Z");
