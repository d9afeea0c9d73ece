/** Names of headers whose values are secrets. */
const SECRET_HEADER = /authorization|cookie|key|secret|token/;

/** The secrets in the headers of a request: its token, and those that a caller or a middleware has added. */
export const headerSecrets = (headers: Readonly<Record<string, string>>): string[] =>
  Object.entries(headers)
    .filter(([name]) => SECRET_HEADER.test(name))
    .map(([, value]) => `${value}`.replace(/^\w+ /, ""));
