/** The default port. */
export const DEFAULT_PORT = 8808;

/** Whether an address is on the loopback. */
export const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
