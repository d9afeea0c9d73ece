import type { Fault } from "./fault.ts";
import { type HeaderValues, headerOf } from "./headers.ts";
import type { QueryValues } from "./parameters.ts";
import type { SchemeTable, SecurityTable } from "./tables.ts";

/** Where a request shows who calls. */
export interface CredentialParts {
  headers?: HeaderValues;
  query?: QueryValues;
}

/** Base64 of a user name, a colon and a password, which may have colons of its own (RFC 7617 §2). */
function isUserPass(token: string): boolean {
  try {
    return atob(token).includes(":");
  } catch {
    return false;
  }
}

/** The credentials behind a scheme, whose name can be in any case (RFC 9110 §11.1). */
function credentialsOf(authorization: string, scheme: string): string | undefined {
  const text = authorization.trim();
  const end = text.search(/\s/);
  return text.slice(0, Math.max(0, end)).toLowerCase() === scheme ? text.slice(end).trim() : undefined;
}

function hasCookie(cookies: string, name: string): boolean {
  return cookies.split(";").some((cookie) => {
    const [given = "", value = ""] = cookie.split(/=(.*)/s);
    return given.trim() === name && value.trim() !== "";
  });
}

function isShown(scheme: SchemeTable, { headers = {}, query = {} }: CredentialParts): boolean {
  if (scheme.type === "apiKey") {
    if (scheme.in === "query") return Object.hasOwn(query, scheme.name) && Boolean(query[scheme.name]?.length);
    if (scheme.in === "cookie") return hasCookie(headerOf(headers, "cookie") ?? "", scheme.name);
    return Boolean(headerOf(headers, scheme.name.toLowerCase()));
  }
  const credentials = credentialsOf(headerOf(headers, "authorization") ?? "", scheme.type);
  if (credentials === undefined) return false;
  return scheme.type === "bearer" || isUserPass(credentials);
}

const nameOf = (scheme: SchemeTable): string =>
  scheme.type === "apiKey" ? `${scheme.in} ${scheme.name}` : `header Authorization with ${scheme.type} credentials`;

/** What is wrong with the credentials of a request: nothing, when all of one alternative are there. Whether they are true is not checked. */
export function checkSecurity(table: SecurityTable, parts: CredentialParts): Fault[] {
  if (table.length === 0 || table.some((all) => all.every((scheme) => isShown(scheme, parts)))) return [];
  const alternatives = table.map((all) => all.map(nameOf).join(" and ")).join(", or ");
  return [{ in: "security", pointer: "", keyword: "security", message: `must have the ${alternatives}` }];
}
