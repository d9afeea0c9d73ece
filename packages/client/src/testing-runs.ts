/** Multiplies the number of property runs: `PROPERTY_RUNS=50` at night. */
const factor = Number(process.env.PROPERTY_RUNS ?? 1);

/** How many runs a property gets. */
export const numRuns = (atEachChange: number): { numRuns: number } => ({ numRuns: Math.ceil(atEachChange * factor) });
