import { must, type Rule } from "@imcloud/options";
import { isHeaderValue } from "./header-value.ts";

/** What can stand in a header. */
export const headerText: Rule = /* @__PURE__ */ must("ASCII text", isHeaderValue);

/**
 * An address.
 * @param pattern what it must look like
 */
const address = (what: string, pattern: RegExp): Rule =>
  must(`an http or https URL without ${what}`, (value: string) => {
    try {
      // URL.canParse is not everywhere.
      // An array of one would be taken for it.
      return !Array.isArray(value) && pattern.test(value) && new URL(value);
    } catch {
      return false;
    }
  });

/** An address of an API. No white space or backslash either, which a URL would drop or turn. */
export const url: Rule = /* @__PURE__ */ address("credentials, query or fragment", /^https?:\/\/[^@?#\s\\]+$/i);

/** An address that may have a query. */
export const urlWithQuery: Rule = /* @__PURE__ */ address("credentials or fragment", /^https?:\/\/[^@#\s\\]+$/i);
