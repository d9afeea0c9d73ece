/** Milliseconds since 1970 at which the clock of a mock starts where nobody says otherwise: when the examples of the document are over. */
export const DEFAULT_TIME = Date.parse("2026-10-05T12:00:00Z");
