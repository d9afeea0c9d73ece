/** Whether this runs in a browser, or in what calls itself one. */
export const isBrowser = (): boolean => globalThis.navigator?.userAgent?.startsWith("Mozilla/") ?? false;
