/** How often a property is tried: as often as given in a change run, and a multiple of it at night (`PROPERTY_RUNS=50`). */
export const propertyRuns = (count: number): { numRuns: number } => ({
  numRuns: count * Number(process.env.PROPERTY_RUNS ?? 1),
});
