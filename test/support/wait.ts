/**
 * Milliseconds for which tests wait for a browser, a socket or a process, enough for axe on a machine with twenty things to do. No result depends on it:
 * each wait ends as soon as the event happens.
 */
export const WAIT = 60_000;
