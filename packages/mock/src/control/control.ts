import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApplicationErrorBody } from "@imcloud/spec";
import type { Backend } from "../core/backend.ts";
import { checkOperation } from "../core/controls.ts";
import { DomainError } from "../core/domain/errors.ts";
import { faultKinds, parseFault } from "../core/faults/fault.ts";
import { decodeBody, isJson, parseJson, unreadableBody } from "../core/messages/read-request.ts";
import { HttpError } from "../core/messages/responses.ts";
import { credentials } from "../core/tokens.ts";
import { controlQueryOf } from "../http/control-query.ts";
import { incomingRequest, readBody } from "../http/read-request.ts";

export const CONTROL_PATH = "/__mock";

type Body = Record<string, unknown>;
type Query = Readonly<Record<string, string>>;

/** A call of the control API. */
interface Action {
  /**
   * The members that its body may have.
   * @defaultValue none
   */
  members?: readonly string[];
  /** Whether its body may be a list of objects. */
  isList?: boolean;
  /**
   * The query parameters that it takes.
   * @defaultValue none
   */
  parameters?: readonly string[];
  /** Performs the call, and returns the response's body. */
  run(body: Body, query: Query): unknown;
}

/** The mock's description of itself. */
export interface About {
  url: () => string;
  size: string;
  seed: number;
  isStateless: boolean;
}

/** Serves the control API, by which a mock is inspected and controlled. */
export function createControl(backend: Backend, operations: ReadonlySet<string>, about: About) {
  const state = async () => {
    await backend.catchUp();
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
  const routes: Readonly<Record<string, Readonly<Record<string, Action>>>> = {
    "/about": { GET: { run: () => ({ faultKinds, operations: [...operations] }) } },
    "/state": { GET: { run: state } },
    "/reset": {
      POST: {
        run: async () => {
          await backend.reset();
          return state();
        },
      },
    },
    "/clock": {
      POST: {
        members: ["advance"],
        run: async ({ advance }) => {
          await backend.advance(advance as number);
          return state();
        },
      },
    },
    "/orders/resume": {
      POST: {
        members: ["id"],
        run: async ({ id }) => {
          if (typeof id !== "string") throw new TypeError('Send the id of an order, as in {"id": "900304"}.');
          await backend.catchUp();
          backend.resumeOrder(id);
          return state();
        },
      },
    },
    "/faults": {
      GET: { run: () => ({ faults: backend.faults.list() }) },
      POST: {
        isList: true,
        run: (body) => {
          const written = Array.isArray(body) ? body : [body];
          if (!written.length) throw new TypeError("Send a fault, or several in an array.");
          backend.faults.add(...written.map((fault) => parseFault(fault, operations)));
          return { faults: backend.faults.list() };
        },
      },
      DELETE: {
        run: () => {
          backend.faults.clear();
          return { faults: [] };
        },
      },
    },
    "/requests": {
      GET: {
        parameters: ["operation"],
        run: (_body, { operation }) => {
          if (operation === undefined) return { requests: backend.requests.list() };
          checkOperation(operation);
          return { requests: backend.requests.list({ operation }) };
        },
      },
      DELETE: {
        run: () => {
          backend.requests.clear();
          return { requests: [] };
        },
      },
    },
    "/snapshots": {
      GET: { run: () => ({ snapshots: backend.snapshots() }) },
      POST: {
        members: ["name"],
        run: async ({ name }) => {
          await backend.catchUp();
          backend.save(name);
          return { snapshots: backend.snapshots() };
        },
      },
      DELETE: {
        members: ["name"],
        run: ({ name }) => {
          backend.deleteSnapshot(name);
          return { snapshots: backend.snapshots() };
        },
      },
    },
    "/snapshots/restore": {
      POST: {
        members: ["name"],
        run: async ({ name }) => {
          await backend.restore(name);
          return state();
        },
      },
    },
  };

  function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): void {
    response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store", ...headers });
    response.end(`${JSON.stringify(body, null, 2)}\n`);
  }

  async function bodyOf(request: IncomingMessage, { members = [], isList = false }: Action): Promise<Body> {
    const bytes = await readBody(request, CONTROL_PATH);
    if (!bytes.length) return {};
    const { headers } = incomingRequest(request);
    if (!isJson(headers["content-type"])) throw new TypeError("Send JSON, with its content type.");
    const unreadable = unreadableBody(headers);
    if (unreadable !== undefined) throw new TypeError(`${unreadable}.`);
    const body = parseJson(decodeBody(bytes, CONTROL_PATH), CONTROL_PATH);
    if (typeof body !== "object" || body === null) throw new TypeError("Send a JSON object.");
    if (isList) return body as Body;
    const unknown = Object.keys(body).filter((name) => !members.includes(name));
    if (Array.isArray(body) || unknown.length) {
      const takes = members.length ? `an object with ${members.join(", ")}` : "no body";
      throw new TypeError(`This call takes ${takes}.`);
    }
    return body as Body;
  }

  return async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const name = path.slice(CONTROL_PATH.length).replace(/(.)\/$/, "$1");
    const methods = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!methods) {
      const hint = `There is no ${path}; there are ${Object.keys(routes).join(", ")}.`;
      return sendJson(response, 404, { message: hint });
    }
    const method = request.method === "HEAD" ? "GET" : String(request.method);
    const action = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!action) {
      const allow = [...("GET" in methods ? ["HEAD"] : []), ...Object.keys(methods)].join(", ");
      return sendJson(response, 405, { message: `${path} takes ${allow}.` }, { allow });
    }
    try {
      const query = controlQueryOf(request, path, action.parameters);
      sendJson(response, 200, await action.run(await bodyOf(request, action), query));
    } catch (error) {
      if (error instanceof HttpError) {
        // The API's own shape has members that only the API fills in.
        const { message } = error.response.body as ApplicationErrorBody;
        return sendJson(response, error.response.statusCode, { message });
      }
      const failure = error instanceof DomainError ? error.status : 500;
      sendJson(response, error instanceof TypeError ? 400 : failure, { message: (error as Error).message });
    }
  };
}
