/** How much more often properties are tried than at each change: `PROPERTY_RUNS=50` at night. */
const factor = Number(process.env.PROPERTY_RUNS ?? 1);

/** How often to try a property. */
export const numRuns = (atEachChange: number): { numRuns: number } => ({ numRuns: Math.ceil(atEachChange * factor) });
