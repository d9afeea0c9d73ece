import { forgetTokens, linkValues, type ShownResponse, send } from "./call.ts";
import type { CallData } from "./call-data.ts";
import type { Connection, MockControls } from "./connection.ts";

/** What a call's response is shown with. */
export interface ResponseContext {
  data: CallData;
  /** Sends the call of the form once more. */
  resend(): Promise<void>;
}

/** What can be done next, beside a response. */
interface NextStep {
  label: string;
  take(): Promise<void>;
}

/** How far the clock goes: by then an order or a report has come to its end. */
const STEP = 60_000;

type Child = Node | string | undefined;

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

const familyOf = (status: number) => (status < 300 ? "good" : status < 500 ? "refused" : "failed");

/** A response with what can be done next: the clock, faults, a reset. */
export class ResponseView {
  readonly #root: HTMLElement;
  readonly #context: ResponseContext | undefined;

  /** @param context without one, nothing is offered to do next */
  constructor(root: HTMLElement, context?: ResponseContext) {
    this.#root = root;
    this.#context = context;
  }

  showWaiting(): void {
    this.#show(element("p", { role: "status", className: "response-line" }, "Sending …"));
  }

  /** Says why no response came. */
  showFailure(sentence: string, connection: Connection | undefined): void {
    this.#show(element("p", { role: "alert", className: "response-line failure" }, sentence), this.#next(connection));
    this.#root.focus();
  }

  show(response: ShownResponse, connection: Connection): void {
    const { status, statusText, milliseconds, headers, body } = response;
    const head = element(
      "p",
      { role: "status", className: "response-line" },
      element("strong", { className: familyOf(status) }, [status, statusText].filter(Boolean).join(" ")),
      ` from ${connection.name}, ${Math.round(milliseconds)} ms`,
    );
    const list = element(
      "dl",
      { className: "response-headers" },
      ...headers.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    );
    this.#show(
      head,
      element(
        "pre",
        { tabIndex: 0, className: "response-body", ariaLabel: "Body of the response" },
        element("code", {}, body),
      ),
      element("details", {}, element("summary", {}, "Headers"), list),
      this.#next(connection, response),
    );
    this.#root.focus();
  }

  #show(...children: Child[]): void {
    this.#root.hidden = false;
    this.#root.replaceChildren(...children.filter((child) => child !== undefined));
  }

  #next(connection: Connection | undefined, response?: ShownResponse): HTMLElement | undefined {
    const context = this.#context;
    const steps =
      context && connection?.controls ? this.#steps(context, connection, connection.controls, response) : [];
    if (!steps.length) return undefined;
    const buttons = steps.map(({ label, take }) => {
      const button = element("button", { type: "button", className: "plain" }, label);
      button.addEventListener("click", () => {
        button.disabled = true;
        take().catch((error: Error) => this.showFailure(error.message, connection));
      });
      return button;
    });
    return element(
      "div",
      { className: "next", role: "group", ariaLabel: "Next" },
      element("p", { className: "next-label" }, "Next:"),
      ...buttons,
    );
  }

  #steps(
    { data, resend }: ResponseContext,
    connection: Connection,
    controls: MockControls,
    response: ShownResponse | undefined,
  ): NextStep[] {
    const meet = async (kind: "rateLimit" | "gatewayTimeout") => {
      await controls.addFault({ kind, operation: data.operation, count: 1 });
      await resend();
    };
    const isDone = response !== undefined && response.status < 300;
    const [link] = isDone ? data.links : [];
    return [
      ...(link
        ? [
            {
              label: "Move the clock on by a minute, and read it again",
              take: () => this.#readLater(data, connection, controls, link, response?.value),
            },
          ]
        : []),
      { label: "Meet a 429", take: () => meet("rateLimit") },
      { label: "Meet a 504", take: () => meet("gatewayTimeout") },
      {
        label: "Reset the data",
        take: async () => {
          await controls.reset();
          forgetTokens();
          this.#show(
            element("p", { role: "status", className: "response-line" }, "The data are as they were at the start."),
          );
          this.#root.focus();
        },
      },
    ];
  }

  /** Lets time pass, then reads what the call made. */
  async #readLater(
    data: CallData,
    connection: Connection,
    controls: MockControls,
    link: CallData["links"][number],
    value: unknown,
  ): Promise<void> {
    await controls.advance(STEP);
    const { operation, path, parameters } = link;
    const read: CallData = { ...data, operation, path, method: "GET", parameters: [] };
    this.show(await send(connection, read, { parameters: linkValues(parameters, value), body: "" }), connection);
  }
}
