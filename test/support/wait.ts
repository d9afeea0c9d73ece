/**
 * Milliseconds for which tests wait for a browser, a socket or a process, enough for a busy machine. No result depends on it:
 * each wait ends as soon as the event happens.
 */
export const WAIT = 20_000;
