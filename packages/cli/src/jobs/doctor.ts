import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { createClient, type ImcloudClient, isMarketplaceError } from "@imcloud/client";
import type { Context } from "../context.ts";
import { refuseDryRun } from "../curl.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { oneLine } from "../output/text.ts";
import { findSettings } from "../settings/connect.ts";

/** The result of a check: a fact, or advice. */
interface Finding {
  isGood: boolean;
  text: string;
}

/** A named check. Checks after a failed one are left out, as they would fail too. */
type Check = readonly [name: string, run: () => Promise<Finding>];

const good = (text: string): Finding => ({ isGood: true, text });
const bad = (text: string): Finding => ({ isGood: false, text });

/** The timeout of a network check in milliseconds. */
const CHECK_TIMEOUT = 10_000;

/** Milliseconds that the clocks may differ. Tokens and signed links expire earlier by the difference. */
const CLOCK_TOLERANCE = 60_000;

/** Error codes of failed connections. */
const UNREACHABLE = new Set(["ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"]);

/** The host of a URL, without the brackets of an IPv6 address. */
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, "");

/** Opens a connection and looks at its certificate. */
const handshake = (host: string, port: number): Promise<Finding> =>
  new Promise((resolve) => {
    // TLS sends no server name for an IP address.
    const servername = isIP(host) ? {} : { servername: host };
    const socket = connectTls({ host, port, ...servername, timeout: CHECK_TIMEOUT }, () => {
      const { valid_to: until } = socket.getPeerCertificate();
      socket.end();
      resolve(good(`${socket.getProtocol()}, certificate until ${until}`));
    });
    socket.on("timeout", () =>
      socket.destroy(Object.assign(new Error(`Nothing came in ${CHECK_TIMEOUT / 1_000} s`), { code: "ETIMEDOUT" })),
    );
    socket.on("error", (error: NodeJS.ErrnoException) => {
      const advice = UNREACHABLE.has(String(error.code))
        ? "A firewall may be between, or nothing listens there."
        : "A proxy between may have a certificate of its own: see NODE_EXTRA_CA_CERTS.";
      resolve(bad(`${error.message.trim().split("\n").at(-1)?.replace(/\.$/, "")}. ${advice}`));
    });
  });

/** The message of a failed call, with advice. */
function explain(error: unknown): string {
  const { name, message } = error as Error;
  const advice: Record<string, string> = {
    AuthenticationError: "Check user, password and marketplace, and do not repeat it: that can lock the user out.",
    PermissionError: "Check the subscription key, and that the user may use the API.",
    QuotaExceededError: "The day's quota is used up.",
    GatewayError: "What responds there is not the API. Check the base URL.",
    NotFoundError: "Check the base URL: it has to end as the marketplace's does.",
  };
  return [message, advice[name]].filter(Boolean).join(" ");
}

async function attempt(call: () => PromiseLike<string>): Promise<Finding> {
  try {
    return good(await call());
  } catch (error) {
    if (!isMarketplaceError(error)) throw error;
    return bad(explain(error));
  }
}

/** Checks everything that a call needs, in order, and gives advice on the first problem. */
export async function doctor(context: Context): Promise<void> {
  refuseDryRun(context, "doctor");
  const { shell, options } = context;
  if (options.mock) throw new CommandError("The doctor looks at a marketplace, and there is none with --mock.");
  const { settings } = await findSettings(options, shell);
  const { baseUrl, marketplace } = settings;
  const { signal } = shell;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  // It is refused, and can hold a password until then.
  const shown = baseUrl.replace(/^([^/]*\/\/).*@/s, "$1…@");
  let serverTime: number | undefined;
  let calls = 0;
  const open = () => {
    const imcloud = createClient({ ...settings, retry: false, timeout: CHECK_TIMEOUT });
    imcloud.use(
      async (request, next) => {
        calls += 1;
        const response = await next(request);
        serverTime ??= Date.parse(response.response.headers.get("date") ?? "");
        return response;
      },
      { around: "attempt" },
    );
    return imcloud;
  };
  let imcloud: ImcloudClient;
  const checks: Check[] = [
    [
      "address",
      async () => {
        const isLocal = url && /^(localhost|127\.|\[::1\])/.test(url.hostname);
        if (!url || !/^https?:$/.test(url.protocol)) return bad(`"${shown}" is not an http or https address.`);
        if (url.protocol === "http:" && !isLocal) return bad(`${shown} is not encrypted: use https.`);
        try {
          imcloud = open();
        } catch (error) {
          return bad((error as Error).message);
        }
        return good(`${baseUrl}, marketplace ${marketplace}`);
      },
    ],
    [
      "name",
      async () => {
        const host = hostOf(url as URL);
        const addresses = await lookup(host, { all: true }).catch((error: Error) => error);
        if (addresses instanceof Error) return bad(`${host} has no address: ${addresses.message}.`);
        return good(addresses.map(({ address }) => address).join(", "));
      },
    ],
    [
      "encryption",
      async () =>
        url?.protocol === "https:" ? handshake(hostOf(url), Number(url.port || 443)) : good("none, on this machine"),
    ],
    [
      "sign-in",
      () =>
        attempt(async () => {
          const { expiresInSeconds } = await imcloud.token.create({ marketplace }, { signal });
          return `a token for ${expiresInSeconds} s`;
        }),
    ],
    [
      "clock",
      async () => {
        if (serverTime === undefined || Number.isNaN(serverTime)) return good("the server tells no time");
        const difference = Date.now() - serverTime;
        const seconds = Math.round(Math.abs(difference) / 1_000);
        if (Math.abs(difference) < CLOCK_TOLERANCE) return good(`${seconds} s from the server's`);
        return bad(`This clock is ${seconds} s ${difference > 0 ? "ahead of" : "behind"} the server's. Set it.`);
      },
    ],
    [
      "read",
      () =>
        attempt(async () => {
          const { pagination } = await imcloud.customers.list({ limit: 1 }, { signal });
          return `${pagination.total} customers`;
        }),
    ],
    ["quota", async () => good(`${calls} calls by this command; the API does not say what is left of the day's`)],
  ];
  const wrong: string[] = [];
  for (const [name, run] of checks) {
    const { isGood, text } = await run();
    shell.stdout.write(`${isGood ? "ok" : "!!"}  ${name.padEnd(10)}  ${oneLine(text)}\n`);
    if (!isGood) wrong.push(name);
    // Calls work with a wrong clock, so it ends nothing.
    if (!isGood && name !== "clock") break;
  }
  if (wrong.length)
    throw new CommandError(`The doctor found something wrong: ${wrong.join(", ")}.`, exitCodes.connection);
}
