/** Whether a value can stand in a header: ASCII text that is not empty. */
export const isHeaderValue = (value: unknown): value is string => typeof value === "string" && /^[ -~]+$/.test(value);
