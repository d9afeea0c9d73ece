/** A request to run a file, with environment variables. */
export interface RunnerRequest {
  file: string;
  settings: Record<string, string>;
}

/** The outcome of a run. */
export interface RunnerResponse {
  stdout: string;
  stderr: string;
  /** The error, as Node prints it. */
  error?: string;
}

type Write = typeof process.stdout.write;

/** Captures output. The returned function takes and clears it. */
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

// Node prints its warnings past these streams.
process.on("warning", (warning) => process.stderr.write(`${warning}\n`));

/** Runs modules one after the other in one process, as starting Node takes longer than most of them. */
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
