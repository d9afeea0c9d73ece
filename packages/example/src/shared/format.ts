import { money } from "@imcloud/client";

/** An amount as people read it; a dash where there is none. */
export const amount = (value: { currency?: string; amount?: string } | undefined): string =>
  value?.currency && value.amount ? money.format({ currency: value.currency, amount: value.amount }, "en") : "–";

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const MOMENT = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" });

/** The API writes times in several forms. */
const parse = (text: string) => new Date(text.replace(/^(\d{4}-\d\d-\d\d) /, "$1T"));

const formatted = (format: Intl.DateTimeFormat, text: string | null | undefined) =>
  text && !Number.isNaN(parse(text).getTime()) ? format.format(parse(text)) : "–";

export const day = (text: string | null | undefined): string => formatted(DAY, text);
export const moment = (text: string | null | undefined): string => formatted(MOMENT, text);

/** `month` of `{ type: "month", duration: 1 }`, `3 years` of three. */
export const period = (value: { type?: string; duration?: number } | undefined): string =>
  value?.duration === 1 ? `${value.type}` : value?.duration ? `${value.duration} ${value.type}s` : "once";

/** `3 seats`, `1 seat`. */
export const count = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? "" : "s"}`;

/** A parameter's name as a label: `first_name_agreement` is "First name agreement". */
export const label = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
