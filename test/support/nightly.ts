/** Whether this is the nightly run (`npm run test:nightly`), which tries in full what other runs sample. */
export const isNightly = process.env.NIGHTLY === "1";
