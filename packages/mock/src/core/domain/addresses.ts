import type { Address } from "@imcloud/spec";

/** Patterns of postal codes by country, where the mock knows them. */
const POSTAL_CODES: Readonly<Record<string, RegExp>> = {
  ...{ SE: /^\d{3} ?\d{2}$/, FI: /^\d{5}$/, DE: /^\d{5}$/, FR: /^\d{5}$/, US: /^\d{5}(-\d{4})?$/ },
  ...{ DK: /^\d{4}$/, NO: /^\d{4}$/, AT: /^\d{4}$/, BE: /^\d{4}$/, NL: /^\d{4} ?[A-Z]{2}$/i },
};

/** Whether an address is plausible: a country code of two letters, and a postal code in that country's format. */
export function isPlausibleAddress({ countryCode, postalCode }: Address): boolean {
  const code = countryCode.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && (POSTAL_CODES[code]?.test(postalCode.trim()) ?? true);
}
