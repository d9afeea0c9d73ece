import { type ClientOptionChanges, createClient } from "@imcloud/client";
import { type AssistantOptions, createAssistant } from "@imcloud/mcp";
import { createSandbox, type Sandbox, type SandboxOptions } from "@imcloud/mock/sandbox";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";

/** A result of a tool, as an assistant reads it. */
export interface Result {
  isError: boolean;
  notice: string;
  total?: number;
  returned?: number;
  nextOffset?: number;
  leftOut: string[];
  advice?: string;
  confirmation?: { confirmationId: string; expiresAt: string };
  // Each test reads what it expects.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the tool's.
  data: any;
  /** The same, as hosts without structured content get it. */
  text: string;
}

/** An assistant that is connected to a server over a sandbox. */
export interface Connected {
  host: Client;
  sandbox: Sandbox;
  /** What the API was called for: `GET /customers`. */
  requests: string[];
  call(tool: string, args?: Record<string, unknown>, options?: Parameters<Client["callTool"]>[1]): Promise<Result>;
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
  } = {},
): Promise<Connected> {
  const { sandbox: sandboxOptions, client: clientOptions, ...rest } = options;
  const sandbox = createSandbox({ speed: 1_000, ...sandboxOptions });
  const requests: string[] = [];
  const client = createClient({ ...sandbox.connection, rateLimit: false, ...clientOptions } as never);
  client.use((request, next) => {
    requests.push(`${request.method} ${new URL(request.url).pathname.replace(/^\/marketplace/, "")}`);
    return next(request);
  });
  const assistant = createAssistant({ client, ...rest });
  const server = assistant.createServer();
  const host = new Client({ name: "test", version: "1.0.0" });
  const [hostSide, serverSide] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(serverSide), host.connect(hostSide)]);
  return {
    ...{ host, sandbox, requests },
    call: (tool, args, callOptions) => callTool(host, tool, args, callOptions),
    async close() {
      await host.close();
      await assistant.close(0);
      sandbox.close();
    },
  };
}
