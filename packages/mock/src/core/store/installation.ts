/** Settings that differ between installations of the platform. */
export interface InstallationSettings {
  /** A second order on a subscription is not taken while the first is open (ORD-10). */
  oneOpenOrder: boolean;
  /** Quantities of subscriptions are read as decimals in texts, such as `"2.0"` (SUB-01), in place of numbers (FLD-03). */
  textQuantities: boolean;
  /** A change to fewer units waits for the next billing date though nobody scheduled it (ORD-27). */
  holdDowngrades: boolean;
}

export const defaultInstallation: InstallationSettings = {
  ...{ oneOpenOrder: true, textQuantities: false, holdDowngrades: false },
};
