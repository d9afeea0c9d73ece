/** Settings that differ between installations of the platform. */
export interface InstallationSettings {
  /** Whether a second order on a subscription is refused while the first is open (ORD-10). */
  oneOpenOrder: boolean;
  /** Whether quantities of subscriptions are decimal text such as `"2.0"` (SUB-01) instead of numbers (FLD-03). */
  textQuantities: boolean;
  /** Whether a change to fewer units waits for the next billing date without being scheduled (ORD-27). */
  holdDowngrades: boolean;
}

export const defaultInstallation: InstallationSettings = {
  ...{ oneOpenOrder: true, textQuantities: false, holdDowngrades: false },
};
