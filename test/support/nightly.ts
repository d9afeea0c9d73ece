/** Whether this is the long run at night (`npm run test:nightly`), which tries everything that a change tries a sample of. */
export const isNightly = process.env.NIGHTLY === "1";
