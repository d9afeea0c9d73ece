import type { IncomingMessage, ServerResponse } from "node:http";
import type { Backend } from "../core/backend.ts";
import { faultKinds, parseFault } from "../core/faults/fault.ts";
import { isJson, parseJson } from "../core/messages/read-request.ts";
import { HttpError } from "../core/messages/responses.ts";
import { credentials } from "../core/tokens.ts";
import { readBody } from "../http/read-request.ts";

export const CONTROL_PATH = "/__mock";

/** What a control call does with the body that was sent. */
type Action = (body: Record<string, unknown>) => unknown;

/** What the mock is, beside its store. */
export interface About {
  url: () => string;
  size: string;
  seed: number;
  isStateless: boolean;
}

/** Serves the calls by which a mock is looked at and steered. */
export function createControl(backend: Backend, operations: ReadonlySet<string>, about: About) {
  const state = () => {
    backend.runDueEvents();
    return {
      url: about.url(),
      credentials,
      size: about.size,
      seed: about.seed,
      stateless: about.isStateless,
      time: new Date(backend.clock.now()).toISOString(),
      speed: backend.clock.speed,
      counts: backend.counts(),
      faults: backend.faults.list(),
      snapshots: backend.snapshots(),
      requests: backend.requests.size,
    };
  };
  const nameOf = (name: unknown): string => {
    if (typeof name === "string" && name !== "" && name.length <= 100) return name;
    throw new TypeError("A snapshot needs a name, a text of up to 100 characters.");
  };

  const actions: Readonly<Record<string, Action>> = {
    "GET /about": () => ({ faultKinds, operations: [...operations] }),
    "GET /state": state,
    "POST /reset": () => {
      backend.reset();
      return state();
    },
    "POST /clock": ({ advance }) => {
      backend.advance(advance as number);
      return state();
    },
    "POST /orders/resume": ({ id }) => {
      backend.resumeOrder(String(id));
      return state();
    },
    "GET /faults": () => ({ faults: backend.faults.list() }),
    "POST /faults": (body) => {
      const written = Array.isArray(body) ? body : [body];
      backend.faults.add(...written.map((fault) => parseFault(fault, operations)));
      return { faults: backend.faults.list() };
    },
    "DELETE /faults": () => {
      backend.faults.clear();
      return { faults: [] };
    },
    "GET /requests": () => ({ requests: backend.requests.list() }),
    "DELETE /requests": () => {
      backend.requests.clear();
      return { requests: [] };
    },
    "GET /snapshots": () => ({ snapshots: backend.snapshots() }),
    "POST /snapshots": ({ name }) => {
      backend.save(nameOf(name));
      return { snapshots: backend.snapshots() };
    },
    "DELETE /snapshots": ({ name }) => {
      backend.deleteSnapshot(nameOf(name));
      return { snapshots: backend.snapshots() };
    },
    "POST /snapshots/restore": ({ name }) => {
      backend.restore(nameOf(name));
      return state();
    },
  };

  function sendJson(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(`${JSON.stringify(body, null, 2)}\n`);
  }

  async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
    const text = new TextDecoder().decode(await readBody(request, CONTROL_PATH));
    if (text === "") return {};
    if (!isJson(request.headers["content-type"])) throw new TypeError("Send JSON, with its content type.");
    const body = parseJson(text, CONTROL_PATH);
    if (typeof body !== "object" || body === null) throw new TypeError("Send a JSON object.");
    return body as Record<string, unknown>;
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const name = path.slice(CONTROL_PATH.length);
    const action = actions[`${request.method} ${name}`];
    if (!action) {
      const hint = `There is no ${request.method} ${path}; there are ${Object.keys(actions).join(", ")}.`;
      return sendJson(response, 404, { message: hint });
    }
    try {
      sendJson(response, 200, action(await bodyOf(request)));
    } catch (error) {
      if (error instanceof HttpError) return sendJson(response, error.response.statusCode, error.response.body);
      sendJson(response, error instanceof TypeError ? 400 : 500, { message: (error as Error).message });
    }
  };
}
