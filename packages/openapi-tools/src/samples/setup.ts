import { settings } from "./settings.ts";
import { powershellQuoted, shQuoted } from "./shell-quoting.ts";

/** What the samples read from the environment. */
export type SetupValues = Record<keyof typeof settings, string>;

/** The shells that the samples' settings are written for. */
export type Shell = "sh" | "powershell";

/** Signs in and keeps the token, with what every system has. */
const SH_TOKEN = `export ${settings.token}="$(
  curl --silent --show-error --fail-with-body --request POST "$${settings.baseUrl}/token" \\
    --user "$${settings.username}:$${settings.password}" \\
    --header "X-Subscription-Key: $${settings.subscriptionKey}" \\
    --header "Content-Type: application/json" \\
    --data "{\\"marketplace\\": \\"$${settings.marketplace}\\"}" |
    sed 's/.*"token" *: *"\\([^"]*\\)".*/\\1/'
)"`;

const POWERSHELL_TOKEN = `$pair = [Text.Encoding]::UTF8.GetBytes("\${env:${settings.username}}:\${env:${settings.password}}")
$request = @{
  Method = 'Post'
  Uri = "\${env:${settings.baseUrl}}/token"
  Headers = @{
    Authorization = "Basic $([Convert]::ToBase64String($pair))"
    'X-Subscription-Key' = \${env:${settings.subscriptionKey}}
  }
  ContentType = 'application/json; charset=utf-8'
  Body = @{ marketplace = \${env:${settings.marketplace}} } | ConvertTo-Json
}
\${env:${settings.token}} = (Invoke-RestMethod @request).token`;

const shells = {
  sh: { set: (name: string, value: string) => `export ${name}=${shQuoted(value)}`, token: SH_TOKEN },
  powershell: {
    set: (name: string, value: string) => `\${env:${name}} = ${powershellQuoted(value)}`,
    token: POWERSHELL_TOKEN,
  },
};

/**
 * The lines that a shell takes once, after which every sample runs in it as it stands.
 * @param values an empty `token` is got by signing in
 */
export function setupOf(shell: Shell, values: SetupValues): string {
  const { set, token } = shells[shell];
  const { token: tokenVariable, ...variables } = settings;
  // By the settings, and not by the values: credentials of a mock have members that no sample reads.
  const lines = Object.entries(variables).map(([name, variable]) => set(variable, values[name as keyof SetupValues]));
  return [...lines, values.token ? set(tokenVariable, values.token) : token].join("\n");
}
