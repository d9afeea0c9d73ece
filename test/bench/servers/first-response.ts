/** Prints the milliseconds from before the import of a mock, which the first argument names, to its first response. */
const since = performance.now();

async function connect(): Promise<{ url: string; send: (url: string) => Promise<Response> }> {
  if (process.argv[2] === "createSandbox") {
    const { createSandbox } = await import("@imcloud/mock/sandbox");
    const { url, fetch } = createSandbox();
    return { url, send: fetch };
  }
  const { startMock } = await import("@imcloud/mock");
  const { url } = await startMock({ port: 0 });
  return { url, send: fetch };
}

const { url, send } = await connect();
await (await send(`${url}/customers`)).text();
console.log(performance.now() - since);
process.exit();
