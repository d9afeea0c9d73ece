import { capital } from "../text.ts";
import { type SampleCall, settings } from "./sample-call.ts";

/** With braces, as a colon after a bare name would belong to it. */
const setting = (name: keyof typeof settings) => `\${env:${settings[name]}}`;

export function powershell({ operation, path, body, signsIn }: SampleCall): string {
  const signIn = `$pair = [Text.Encoding]::UTF8.GetBytes("${setting("username")}:${setting("password")}")\n`;
  const authorization = signsIn ? `"Basic " + [Convert]::ToBase64String($pair)` : `"Bearer ${setting("token")}"`;
  // A here-string takes everything as it is up to a line that begins with '@.
  const data = body ? `$body = @'\n${JSON.stringify(body, null, 2)}\n'@\n` : "";
  return `${signsIn ? signIn : ""}$headers = @{
  Authorization = ${authorization}
  "X-Subscription-Key" = ${setting("subscriptionKey")}
}
${data}
$response = Invoke-RestMethod -Method ${capital(operation.method)} -Uri "${setting("baseUrl")}${path}" -Headers $headers${
    body ? ` \`\n  -ContentType "application/json; charset=utf-8" -Body $body` : ""
  }
$response | ConvertTo-Json -Depth 20`;
}
