import { type ClientOptionChanges, createClient } from "@imcloud/client";
import { type Assistant, type AssistantOptions, createAssistant, type Envelope } from "@imcloud/mcp";
import { createSandbox, type Sandbox, type SandboxOptions } from "@imcloud/mock/sandbox";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";

/** A tool's result, as an assistant reads it. */
export interface Result extends Envelope {
  isError: boolean;
  // Each tool has another shape, which its test knows.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the tool's.
  data: any;
  /** The result as text, for hosts without structured content. */
  text: string;
}

/** A connection to the MCP server. */
export interface Connection {
  host: Client;
  call(tool: string, args?: Record<string, unknown>, options?: Parameters<Client["callTool"]>[1]): Promise<Result>;
}

/** An assistant connected to an MCP server, which calls a sandbox. */
export interface Connected extends Connection {
  assistant: Assistant;
  sandbox: Sandbox;
  /** The calls of the API, for example `GET /customers`. */
  requests: string[];
  /** Connects another assistant to the same server. */
  connect(): Promise<Connection>;
  close(): Promise<void>;
}

/** Calls a tool. The result has one shape, whether it failed or not. */
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

/** Connects an assistant to an MCP server in this process. */
export async function connectAssistant(
  options: Omit<AssistantOptions, "client"> & {
    sandbox?: SandboxOptions;
    client?: ClientOptionChanges;
    /** Wraps the sandbox's `fetch`. */
    wrapFetch?: (fetch: (request: Request) => Promise<Response>) => (request: Request) => Promise<Response>;
    /** Called before each call of the API. */
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
