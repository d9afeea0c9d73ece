import type { Address } from "@imcloud/spec";

/** What postal codes look like, by country, where the mock knows it. */
const POSTAL_CODES: Readonly<Record<string, RegExp>> = {
  ...{ SE: /^\d{3} ?\d{2}$/, FI: /^\d{5}$/, DE: /^\d{5}$/, FR: /^\d{5}$/, US: /^\d{5}(-\d{4})?$/ },
  ...{ DK: /^\d{4}$/, NO: /^\d{4}$/, AT: /^\d{4}$/, BE: /^\d{4}$/, NL: /^\d{4} ?[A-Z]{2}$/i },
};

/** Whether an address could be one: a country's code of two letters, and a postal code as that country writes them. */
export function isAddressSound({ countryCode, postalCode }: Address): boolean {
  const code = countryCode.toUpperCase();
  return /^[A-Z]{2}$/.test(code) && (POSTAL_CODES[code]?.test(postalCode.trim()) ?? true);
}
