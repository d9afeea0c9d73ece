/** What is asked of a runner: to run a file, with these settings in its environment. */
export interface RunnerRequest {
  file: string;
  settings: Record<string, string>;
}

/** What came of a file. */
export interface RunnerResponse {
  stdout: string;
  stderr: string;
  /** What it failed with, as Node prints it. */
  error?: string;
}

type Write = typeof process.stdout.write;

/** Keeps what is printed, until it is taken. */
function capture(stream: NodeJS.WriteStream): () => string {
  let printed = "";
  stream.write = ((chunk: string | Uint8Array) => {
    printed += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
    return true;
  }) as Write;
  return () => {
    const taken = printed;
    printed = "";
    return taken;
  };
}

const [takeStdout, takeStderr] = [capture(process.stdout), capture(process.stderr)];

/** Runs modules one after the other in one process of Node, as starting one takes longer than most of them run. */
process.on("message", async ({ file, settings }: RunnerRequest) => {
  Object.assign(process.env, settings);
  const response: RunnerResponse = { stdout: "", stderr: "" };
  try {
    await import(file);
  } catch (error) {
    response.error = String(error instanceof Error ? error.stack : error);
  }
  process.send?.({ ...response, stdout: takeStdout(), stderr: takeStderr() });
});
