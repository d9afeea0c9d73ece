/** Codes with which the platforms say that no connection was made, or that the TLS handshake before the request failed. */
const CODES =
  /REFUSED$|^ENOTFOUND|^EAI_|CONN\w{0,20}_TIMEOUT|INVALID_URL|^FailedTo|^(CERT|CRL|ERR_TLS|UNABLE|DEPTH|SELF)_|^ERR_SSL_.*(VERSION|PROTOCOL|HANDSHAKE|CERTIFICATE|_CA|LONG|HTTP|NAME)/i;

/** The same where there is no code: ports that fetch forbids, undici's proxies, Node's TLS, and Deno. */
const MESSAGES =
  /^(bad port|unknown scheme|invalid url|failed to parse|url scheme|proxy response)|before secure tls|\(connect\)|connection refused/i;

/** System calls that come before anything is sent. */
const BEFORE_SENDING = /^(connect|getaddrinfo|bind)$/;

/** Depth to which causes are followed: they can be circular. */
const MAX_DEPTH = 8;

/** Whether a failure of `fetch` means that the request certainly did not leave. */
export function wasNeverSent(error: unknown, depth = 0): boolean {
  // biome-ignore lint/suspicious/noExplicitAny: it can be anything, and a pattern tests the text of anything.
  const { code, message, syscall, erroredSysCall, errors, cause } = (error ?? {}) as any;
  if (depth > MAX_DEPTH) return false;
  // One for each address that was tried.
  if (errors?.length) return [...errors].every((each) => wasNeverSent(each, depth + 1));
  if (CODES.test(code) || MESSAGES.test(message) || BEFORE_SENDING.test(syscall ?? erroredSysCall)) return true;
  return wasNeverSent(cause, cause ? depth + 1 : Number.POSITIVE_INFINITY);
}

/** The platform's code for a failure, such as `ECONNREFUSED`: the innermost, which says most. */
export function codeOf(error: unknown, depth = 0): string | undefined {
  // biome-ignore lint/suspicious/noExplicitAny: it can be anything.
  const { code, cause, errors } = (error ?? {}) as any;
  const inner = depth < MAX_DEPTH ? codeOf(cause ?? errors?.[0], depth + 1) : undefined;
  return inner ?? (typeof code === "string" ? code : undefined);
}

/** Whether the platform itself gave up waiting: undici, which is Node's `fetch`, does so after 300 seconds. */
export const isPlatformTimeout = ({ code, cause }: Error & { code?: unknown }): boolean =>
  /^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(String((cause as typeof cause & { code?: unknown })?.code ?? code));
