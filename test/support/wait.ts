/**
 * Milliseconds for which tests wait for what a browser, a socket or a process is to do: enough for a busy machine. It decides nothing:
 * what happens sooner is waited for no longer.
 */
export const WAIT = 20_000;
