import { type ClientOptionChanges, createClient } from "@imcloud/client";
import { type Assistant, type AssistantOptions, createAssistant, type Envelope } from "@imcloud/mcp";
import { createSandbox, type Sandbox, type SandboxOptions } from "@imcloud/mock/sandbox";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";

/** A result of a tool, as an assistant reads it. */
export interface Result extends Envelope {
  isError: boolean;
  // Each test reads what it expects.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the tool's.
  data: any;
  /** The same, as hosts without structured content get it. */
  text: string;
}

/** A connection to a server. */
export interface Connection {
  host: Client;
  call(tool: string, args?: Record<string, unknown>, options?: Parameters<Client["callTool"]>[1]): Promise<Result>;
}

/** An assistant that is connected to a server over a sandbox. */
export interface Connected extends Connection {
  assistant: Assistant;
  sandbox: Sandbox;
  /** What the API was called for: `GET /customers`. */
  requests: string[];
  /** Connects another one to the same server. */
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

/** What a tool has given, in one shape whether it failed or not. */
export async function callTool(
  host: Client,
  name: string,
  args: Record<string, unknown> = {},
  options?: Parameters<Client["callTool"]>[1],
): Promise<Result> {
  const { content, structuredContent, isError = false } = await host.callTool({ name, arguments: args }, options);
  const [first] = content;
  const text = first?.type === "text" ? first.text : "";
  return { ...(structuredContent as unknown as Result), isError: Boolean(isError), text };
}

/** Connects an assistant to a server in this process. */
export async function connectAssistant(
  options: Omit<AssistantOptions, "client"> & {
    sandbox?: SandboxOptions;
    client?: ClientOptionChanges;
    /** Puts something between the server and the sandbox. */
    wrapFetch?: (fetch: (request: Request) => Promise<Response>) => (request: Request) => Promise<Response>;
    /** Told of each call of the API before it is sent. */
    onRequest?: (request: string) => unknown;
  } = {},
): Promise<Connected> {
  const { sandbox: sandboxOptions, client: clientOptions, wrapFetch, onRequest, ...rest } = options;
  const sandbox = createSandbox({ speed: 1_000, ...sandboxOptions });
  const requests: string[] = [];
  const { connection } = sandbox;
  const fetch = wrapFetch ? wrapFetch(connection.fetch) : connection.fetch;
  const client = createClient({ ...connection, fetch, rateLimit: false }).withOptions(clientOptions ?? {});
  client.use((request, next) => {
    const name = `${request.method} ${new URL(request.url).pathname.replace(/^\/marketplace/, "")}`;
    requests.push(name);
    onRequest?.(name);
    return next(request);
  });
  const assistant = createAssistant({ client, ...rest });
  const hosts: Client[] = [];
  const connect = async (): Promise<Connection> => {
    const host = new Client({ name: "test", version: "1.0.0" });
    hosts.push(host);
    const [hostSide, serverSide] = InMemoryTransport.createLinkedPair();
    await Promise.all([assistant.createServer().connect(serverSide), host.connect(hostSide)]);
    return { host, call: (tool, args, callOptions) => callTool(host, tool, args, callOptions) };
  };
  return {
    ...(await connect()),
    ...{ assistant, sandbox, requests, connect },
    async close() {
      await Promise.all(hosts.map((host) => host.close()));
      await assistant.close(0);
      sandbox.close();
    },
  };
}
