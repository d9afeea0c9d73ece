import { once } from "node:events";
import { connect } from "node:net";
import { startMock } from "@imcloud/mock";
import { Random } from "../../support/random.ts";
import { below, type FuzzOptions, type FuzzResult, runFuzz } from "./run-fuzz.ts";

const PATHS =
  "/marketplace/customers /marketplace/orders /marketplace/orders/900301 /marketplace/orders/estimate /marketplace/products /marketplace/subscriptions /marketplace/reports /marketplace/token /rde/a.csv / /__mock/state /__mock/faults /__mock/clock /w/a/marketplace/orders /oauth /../x /%ff //".split(
    " ",
  );
const METHODS = "GET POST PUT PATCH DELETE HEAD OPTIONS TRACE get".split(" ");
const NASTY = "\u001b[2J\u202e__proto__";

/** Random hostile JSON. */
function anyJson(pick: Random, depth = 0): unknown {
  if (depth > 5 || below(pick, 3) === 0) {
    return pick.pick<unknown>([
      null,
      true,
      "",
      "1002101",
      -1,
      1e308,
      NASTY,
      "x".repeat(below(pick, 5_000)),
      {},
      [],
      "2026-10-05",
    ]);
  }
  const count = below(pick, below(pick, 20) === 0 ? 2_000 : 8);
  if (below(pick, 2)) return Array.from({ length: count }, () => anyJson(pick, depth + 3));
  const names =
    "type customerId products id quantity name poNumber contactPersons address kind milliseconds count advance __proto__".split(
      " ",
    );
  return Object.fromEntries(
    Array.from({ length: count }, (_, at) => [pick.pick([...names, `k${at}`]), anyJson(pick, depth + 2)]),
  );
}

function anyRequest(pick: Random, token: string): Buffer {
  const body = pick.pick<() => string>([
    () => "",
    () => JSON.stringify(anyJson(pick)),
    () => "[".repeat(below(pick, 300_000)),
    () => `[${"{},".repeat(below(pick, 100_000))}{}]`,
    () => "\u0000\ud800".repeat(below(pick, 100)),
    () => "x".repeat(pick.pick([0, 10, 1_100_000])),
  ])();
  const query = below(pick, 2)
    ? ""
    : `?${pick.pick(["limit=500&offset=-1", `name=${encodeURIComponent(NASTY)}`, "a=1&".repeat(500), "%", "creationTimeFrom=x"])}`;
  const length = below(pick, 15) === 0 ? below(pick, 100) : Buffer.byteLength(body);
  const headers = [
    `Host: ${pick.pick(["127.0.0.1", "127.0.0.1", "127.0.0.1", "rebound.example", "a b"])}`,
    `Authorization: ${pick.pick([`Bearer ${token}`, `Bearer ${token}`, "Basic a", "Bearer __proto__"])}`,
    `Content-Type: ${pick.pick(["application/json", "application/json", "text/plain", `a/b${";  ".repeat(below(pick, 500))}@`])}`,
    ...(below(pick, 10) ? [`Content-Length: ${length}`] : ["Transfer-Encoding: chunked"]),
    ...(below(pick, 10)
      ? []
      : [
          pick.pick([
            "Range: bytes=5-2",
            "Expect: 100-continue",
            "Content-Encoding: gzip",
            "X-Mock-World: ../x",
            "Upgrade: h2c",
            "X-Mock-Fault: dropAfter",
            "Prefer: code=999",
          ]),
        ]),
    "Connection: close",
  ];
  const bytes = Buffer.from(
    `${pick.pick(METHODS)} ${pick.pick(PATHS)}${query} HTTP/1.1\r\n${headers.join("\r\n")}\r\n\r\n${body}`,
  );
  // Sometimes one byte is changed.
  if (below(pick, 10) === 0) bytes[below(pick, Math.min(bytes.length, 400))] = below(pick, 256);
  return bytes;
}

/** Sends bytes, and waits until the connection ends or is silent. */
async function send(port: number, bytes: Buffer): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let got = "";
  socket.on("data", (chunk) => {
    if (got.length < 1_000) got += chunk.toString("latin1").slice(0, 1_000);
  });
  socket.on("error", () => {});
  socket.setTimeout(2_000, () => socket.destroy());
  socket.write(bytes);
  await once(socket, "close").catch(() => {});
  return got;
}

/** Sends random requests, also invalid HTTP. The mock must not fail, must stay ready, and must keep within its limits. */
export async function fuzzMock(options: FuzzOptions): Promise<FuzzResult> {
  const pick = new Random(options.seed);
  const lines: string[] = [];
  const mock = await startMock({
    ...{ port: 0, speed: 0, rateLimit: 1e9, dailyQuota: 1e9 },
    print: (line) => void (/[\p{Cc}\p{Cf}]/u.test(line) || line.length > 1_100 ? lines.push(line) : undefined),
  });
  const { username, password, marketplace } = mock.credentials;
  const port = Number(new URL(mock.url).port);
  const signIn = async () => {
    const response = await fetch(`${mock.url}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${username}:${password}`)}`, "content-type": "application/json" },
      body: JSON.stringify({ marketplace }),
    });
    return (await response.json()).token as string;
  };
  try {
    let token = await signIn();
    return await runFuzz(options, async (count) => {
      if (count % 100 === 0) {
        await mock.reset();
        token = await signIn();
      }
      const bytes = anyRequest(pick, token);
      const got = await send(port, bytes);
      const about = () => `${bytes.toString("latin1", 0, 200)} → ${got.slice(0, 300)}`;
      if (
        /The mock failed|^HTTP\/1\.1 (?!5)\d+[\s\S]*"message":"[^"]*(?:undefined|TypeError|is not a function)/.test(got)
      )
        return about();
      if (lines.length) return `printed ${JSON.stringify(lines.splice(0)[0]).slice(0, 300)}`;
      if (count % 25) return undefined;
      const alive = await fetch(new URL("/__mock/ready", mock.url));
      return alive.status === 200 ? undefined : `no longer ready: ${alive.status}`;
    });
  } finally {
    await mock.close();
  }
}
