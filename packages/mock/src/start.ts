import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createEngine } from "./engine.ts";
import { BASE_PATH, createMockServer } from "./server.ts";
import { credentials, type MockCredentials } from "./sign-in.ts";

export interface MockOptions {
  /** Port to listen on; 0 for any that is free. 4010 unless set. */
  port?: number;
  /** Address to listen on. 127.0.0.1 unless set, which no other machine can reach. */
  host?: string;
}

/** A mock that is running. */
export interface Mock {
  /** Base URL of the API, ready for the client's `baseUrl`. */
  url: string;
  /** What to sign in with. */
  credentials: MockCredentials;
  /** Stops listening, ends what connections there are, and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a mock of the API, answering from the document's examples.
 * @throws Error with a sentence for people, and Node's `code`, when it cannot listen: `EADDRINUSE` for a port in use
 */
export async function startMock({ port = 4010, host = "127.0.0.1" }: MockOptions = {}): Promise<Mock> {
  const server = createMockServer(await createEngine());
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const reason = code === "EADDRINUSE" ? `Port ${port} is in use. Choose another with --port.` : message;
    throw Object.assign(new Error(reason, { cause }), { code });
  }
  const { port: actual } = server.address() as AddressInfo;
  const name = host.includes(":") ? `[${host}]` : host;
  return {
    url: `http://${name}:${actual}${BASE_PATH}`,
    credentials,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
