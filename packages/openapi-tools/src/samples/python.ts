import { literal, type Notation } from "./literal.ts";
import type { HttpCall } from "./sample-call.ts";
import { settings } from "./settings.ts";

const notation: Notation = { key: JSON.stringify, true: "True", false: "False", null: "None", indent: "    " };

const setting = (name: keyof typeof settings) => `os.environ["${settings[name]}"]`;

/** Python with its standard library alone: with a timeout, and with what the API said when it refused. */
export function python({ method, path, body, signsIn }: HttpCall): string {
  const credentials = `credentials = ${setting("username")} + ":" + ${setting("password")}\n`;
  const authorization = signsIn
    ? `"Basic " + base64.b64encode(credentials.encode()).decode()`
    : `"Bearer " + ${setting("token")}`;
  const headers = [
    `        "Authorization": ${authorization},`,
    `        "X-Subscription-Key": ${setting("subscriptionKey")},`,
    ...(body ? [`        "Content-Type": "application/json",`] : []),
  ];
  return `${signsIn ? "import base64\n" : ""}import json
import os
import sys
from urllib.error import HTTPError
from urllib.request import Request, urlopen

${signsIn ? credentials : ""}${body ? `body = ${literal(body, notation)}\n` : ""}request = Request(
    ${setting("baseUrl")} + ${JSON.stringify(path)},
    method="${method.toUpperCase()}",
    headers={
${headers.join("\n")}
    },${body ? "\n    data=json.dumps(body).encode()," : ""}
)
try:
    with urlopen(request, timeout=120) as response:
        print(json.dumps(json.load(response), indent=2))
except HTTPError as error:
    sys.exit(f"{error.code}: {error.read().decode()}")`;
}
