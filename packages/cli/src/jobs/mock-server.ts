import type { Shell } from "../context.ts";
import { CommandError } from "../exit-codes.ts";
import { wholeNumber } from "../typed-values.ts";

/** Runs the mock server until the signal aborts. */
export async function serveMock({ stdout, signal }: Shell, { port: text = "4010" }: { port?: string }): Promise<void> {
  const port = wholeNumber("--port", text, 0, 65_535);
  const { startMock } = await import("@imcloud/mock");
  const mock = await startMock({ port }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new CommandError(`Port ${port} is in use. Choose another by --port.`) : error;
  });
  const { username, password, subscriptionKey, marketplace } = mock.credentials;
  const settings = {
    BASE_URL: mock.url,
    MARKETPLACE: marketplace,
    USERNAME: username,
    PASSWORD: password,
    SUBSCRIPTION_KEY: subscriptionKey,
  };
  stdout.write(`The API responds at ${mock.url}. For another shell:\n\n`);
  for (const [name, value] of Object.entries(settings)) stdout.write(`export IMCLOUD_${name}=${value}\n`);
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  await mock.close();
}
