import { capital } from "../text.ts";
import type { HttpCall } from "./sample-call.ts";
import { settings } from "./settings.ts";
import { powershellQuoted as quoted } from "./shell-quoting.ts";

/** With braces, as a colon after a bare name would belong to it. */
const setting = (name: keyof typeof settings) => `\${env:${settings[name]}}`;

const INDENT = "  ";

const key = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name));

/** A JSON value as PowerShell writes it: hash tables that keep their order, and lists of one that stay lists. */
function literal(value: unknown, depth = 0): string {
  if (value === null || typeof value === "boolean") return `$${value}`;
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object") return String(value);
  const isList = Array.isArray(value);
  const margin = INDENT.repeat(depth);
  const members = Object.entries(value).map(
    ([name, member]) => `${margin}${INDENT}${isList ? "" : `${key(name)} = `}${literal(member, depth + 1)}`,
  );
  const [open, close] = isList ? ["@(", ")"] : ["[ordered]@{", "}"];
  return members.length ? [open, ...members, margin + close].join("\n") : open + close;
}

/** PowerShell 5.1 and later: parameters by splatting, and what the API said when it refused. */
export function powershell({ method, path, body, signsIn }: HttpCall): string {
  const signIn = `$pair = [Text.Encoding]::UTF8.GetBytes("${setting("username")}:${setting("password")}")\n`;
  const authorization = signsIn ? `"Basic $([Convert]::ToBase64String($pair))"` : `"Bearer ${setting("token")}"`;
  const data = body
    ? `\n  ContentType = 'application/json; charset=utf-8'\n  Body = $body | ConvertTo-Json -Depth 20`
    : "";
  return `${signsIn ? signIn : ""}${body ? `$body = ${literal(body)}\n` : ""}$request = @{
  Method = '${capital(method)}'
  Uri = "${setting("baseUrl")}${path}"
  Headers = @{
    Authorization = ${authorization}
    'X-Subscription-Key' = ${setting("subscriptionKey")}
  }
  TimeoutSec = 120${data}
}
try {
  Invoke-RestMethod @request | ConvertTo-Json -Depth 20
} catch {
  throw "$($_.Exception.Message) $($_.ErrorDetails.Message)"
}`;
}
