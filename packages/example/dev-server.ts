import { createServer } from "vite";

/**
 * Serves the app by Vite, which reloads it when its sources or the packages that it is made of change.
 * @param path where it is, below its server, for example `/example`
 */
export async function serveExample(path: string, port: number, host: string): Promise<void> {
  const server = await createServer({
    root: import.meta.dirname,
    base: `${path}/`,
    // Pages that come by another server's port hear of changes here.
    server: { host, port, strictPort: true, hmr: { host, clientPort: port } },
    logLevel: "error",
  });
  await server.listen();
}
