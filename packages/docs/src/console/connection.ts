import type { Fault, OperationId, Sandbox } from "@imcloud/mock/sandbox";
import { loadScript } from "./scripts.ts";
import type { ReaderSettings, Target } from "./settings.ts";

/** What a page needs to call an API. */
export interface Credentials {
  marketplace: string;
  username: string;
  password: string;
  subscriptionKey: string;
}

/** What `console/mock.js` tells of the mock. */
interface MockGlobals {
  url: string;
  credentials: Credentials;
  /** Whether a mock runs beside the page's own server. */
  isServed?: boolean;
}

declare global {
  interface Window {
    imcloud?: { mock?: MockGlobals };
    imcloudSandbox?: { createSandbox(options?: { speed?: number }): Sandbox };
  }
}

/** What can be done to a mock besides calling it. */
export interface MockControls {
  /** @param milliseconds of its clock */
  advance(milliseconds: number): Promise<void>;
  reset(): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  /**
   * Responds to an operation with what is given, until the function that it returns is called; `undefined` for a mock that cannot.
   */
  respond?: (operation: string, response: CannedResponse) => () => void;
}

/** A response that is ready. */
export interface CannedResponse {
  status: number;
  contentType: string;
  body: string;
}

/** An API that a page's console calls. */
export interface Connection {
  target: Target;
  /** What it is, for people. */
  name: string;
  baseUrl: string;
  credentials: Credentials;
  /** The reader's own, which is used as it is; empty for one by signing in. */
  token: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  /** `undefined` for what is no mock. */
  controls: MockControls | undefined;
}

/** Where a page finds the scripts that it loads on demand. */
export interface ScriptUrls {
  sandbox: string;
  mock: string;
}

let sandbox: Sandbox | undefined;

async function sandboxConnection({ sandbox: url }: ScriptUrls): Promise<Connection> {
  if (!sandbox) {
    await loadScript(url);
    sandbox = window.imcloudSandbox?.createSandbox();
  }
  if (!sandbox) throw new Error("The sandbox did not start. Load the page again.");
  const running = sandbox;
  return {
    target: "sandbox",
    name: "the sandbox in this page",
    baseUrl: running.url,
    credentials: running.credentials,
    token: "",
    fetch: (address, init) => running.fetch(address, init),
    controls: {
      advance: (milliseconds) => running.advance(milliseconds),
      reset: () => running.reset(),
      addFault: async (fault) => running.faults.add(fault),
      respond: (operation, { status, contentType, body }) =>
        running.override(
          operation as OperationId,
          () => new Response(body, { status, headers: { "content-type": contentType } }),
        ),
    },
  };
}

/** What `console/mock.js` tells. */
export async function mockGlobals({ mock: url }: ScriptUrls): Promise<MockGlobals> {
  await loadScript(url);
  const mock = window.imcloud?.mock;
  if (!mock) throw new Error(`${url} does not tell where the mock is.`);
  return mock;
}

/** Sends a control call to the mock through the server of these pages, as the mock takes none from pages of another origin. */
async function control(path: string, body: unknown): Promise<void> {
  const response = await fetch(new URL(`/console/mock${path}`, location.href), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const { message } = await response.json().catch(() => ({ message: `It responded with ${response.status}.` }));
  throw new Error(message);
}

async function mockConnection(urls: ScriptUrls): Promise<Connection> {
  const { url, credentials, isServed } = await mockGlobals(urls);
  return {
    target: "mock",
    name: `the mock at ${url}`,
    baseUrl: url,
    credentials,
    token: "",
    fetch: (address, init) => fetch(address, init),
    controls: isServed
      ? {
          advance: (milliseconds) => control("/clock", { advance: milliseconds }),
          reset: () => control("/reset", {}),
          addFault: (fault) => control("/faults", fault),
        }
      : undefined,
  };
}

/** This machine, as the policy of the pages has it: what is sent there meets no network. */
const LOOPBACK = /^(?:127\.0\.0\.1|localhost)$/;

function ownConnection({ baseUrl, token, ...credentials }: ReaderSettings): Connection {
  if (!/^https?:\/\//i.test(baseUrl) || !URL.canParse(baseUrl)) {
    throw new Error("Your own connection needs a base URL that begins with https:// or http://.");
  }
  const { protocol, hostname } = new URL(baseUrl);
  if (protocol === "http:" && !LOOPBACK.test(hostname)) {
    throw new Error(
      `Your own connection needs a base URL that begins with https://: by http:// the password would be read on the way to ${hostname}.`,
    );
  }
  return {
    target: "own",
    name: new URL(baseUrl).host,
    baseUrl: baseUrl.replace(/(?<!\/)\/+$/, ""),
    credentials,
    token,
    fetch: (address, init) => fetch(address, init),
    controls: undefined,
  };
}

/**
 * The API of a target, ready to be called.
 * @throws {@link Error} with a message that says what to do
 */
export async function connect(target: Target, settings: ReaderSettings, urls: ScriptUrls): Promise<Connection> {
  if (target === "sandbox") return sandboxConnection(urls);
  return target === "mock" ? mockConnection(urls) : ownConnection(settings);
}
