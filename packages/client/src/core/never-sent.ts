/** Codes with which the platforms say that no connection was made, or that the TLS handshake before the request failed. */
const CODES =
  /^(E?CONN\w*REFUSED|ENOTFOUND|EAI_.*|.*CONN\w+_TIMEOUT|ERR_INVALID_URL|FailedToOpenSocket|(CERT|CRL|ERR_TLS|UNABLE|DEPTH|SELF)_.*|HOSTNAME_.*|ERR_SSL_.*(VERSION|PROTOCOL|HANDSHAKE|CERTIFICATE|_CA|TOO_LONG|HTTP_REQUEST|NAME|SECURITY).*)$/i;

/** The same where there is no code: ports that fetch forbids, undici's proxies, Node's TLS, and Deno. */
const MESSAGES =
  /^(bad port|unknown scheme|invalid url|failed to parse url|url scheme must|proxy response \()|before secure tls|error \(connect\)|connection refused/i;

/** System calls that come before anything is sent. */
const BEFORE_SENDING = /^(connect|getaddrinfo|bind)$/;

/** How deep causes are looked into: they can go round. */
const MAX_DEPTH = 8;

/** An error with its causes, from the outside to the inside. */
function* chainOf(error: unknown): Generator<Record<string, unknown>> {
  let current = error as Record<string, unknown> | undefined;
  for (let depth = 0; depth < MAX_DEPTH && current && typeof current === "object"; depth++) {
    yield current;
    current = current.cause as typeof current;
  }
}

/** Whether a failure of `fetch` means that the request certainly did not leave. */
export function wasNeverSent(error: unknown): boolean {
  for (const { code, message, syscall, erroredSysCall, errors } of chainOf(error)) {
    // One for each address that was tried.
    if (Array.isArray(errors) && errors.length > 0) return errors.every(wasNeverSent);
    if (CODES.test(String(code)) || MESSAGES.test(String(message))) return true;
    if (BEFORE_SENDING.test(String(syscall ?? erroredSysCall))) return true;
  }
  return false;
}

/** Whether the platform itself gave up waiting: undici, which is Node's `fetch`, does so after 300 seconds. */
export const isPlatformTimeout = (error: unknown): boolean =>
  [...chainOf(error)].some(({ code }) => /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String(code)));
