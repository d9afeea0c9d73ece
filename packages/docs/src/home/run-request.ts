import { type ShownResponse, send } from "../console/call.ts";
import { type Connection, connect } from "../console/connection.ts";
import { readSettings } from "../console/settings.ts";
import type { HomeRequest } from "./requests.ts";

const request = (connection: Connection, method: string, path: string, body?: object): Promise<ShownResponse> =>
  send(
    connection,
    { method, path, parameters: [], signsIn: false },
    { parameters: {}, body: body ? JSON.stringify(body) : "" },
  );

/** The panel that sends a request to the mock in the page, and shows what comes back. */
class RunRequest extends HTMLElement {
  readonly #requests: HomeRequest[] = JSON.parse(String(this.dataset.requests));
  readonly #examples: string[] = JSON.parse(String(this.dataset.examples));
  readonly #run = this.querySelector(".run-send") as HTMLButtonElement;
  readonly #later = this.querySelector(".run-later") as HTMLButtonElement;
  readonly #state = this.querySelector(".run-state") as HTMLElement;
  readonly #response = this.querySelector(".run-response") as HTMLElement;
  #order = "";

  connectedCallback(): void {
    this.#run.hidden = false;
    for (const choice of this.querySelectorAll("input")) choice.addEventListener("change", () => this.#choose());
    this.#run.addEventListener("click", () => this.#during(this.#run, () => this.#send()));
    this.#later.addEventListener("click", () => this.#during(this.#later, () => this.#move()));
    this.#choose();
  }

  get #chosen(): HomeRequest {
    const choice = this.querySelector<HTMLInputElement>("input:checked");
    return this.#requests[Number(choice?.value ?? 0)] as HomeRequest;
  }

  #choose(): void {
    const chosen = this.#requests.indexOf(this.#chosen);
    this.querySelectorAll<HTMLElement>(".run-request").forEach((request, index) => {
      request.hidden = index !== chosen;
    });
    this.#later.hidden = true;
    this.#response.textContent = this.#examples[chosen] ?? "";
    this.#response.dataset.example = "";
    this.#state.textContent = this.#chosen.says;
    this.#state.dataset.status = "";
  }

  async #during(button: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } catch (error) {
      this.#state.textContent = (error as Error).message;
      this.#state.dataset.status = "bad";
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  #connect(): Promise<Connection> {
    return connect("sandbox", readSettings(), { sandbox: String(this.dataset.sandbox), mock: "" });
  }

  async #send(): Promise<void> {
    const { method, path, body, later } = this.#chosen;
    const response = await request(await this.#connect(), method, path, body);
    this.#show(response);
    this.#order = (response.value as { id?: string }).id ?? "";
    this.#later.hidden = later === undefined;
  }

  async #move(): Promise<void> {
    const connection = await this.#connect();
    await connection.controls?.advance(this.#chosen.later ?? 0);
    this.#show(await request(connection, "GET", `/orders/${this.#order}`));
    this.#later.hidden = true;
  }

  #show({ status, body, milliseconds }: ShownResponse): void {
    const isGood = status < 400;
    this.#state.textContent = `${status} ${isGood ? "OK" : "Error"} in ${Math.max(1, Math.round(milliseconds))} ms`;
    this.#state.dataset.status = isGood ? "good" : "bad";
    this.#response.textContent = body;
    delete this.#response.dataset.example;
    this.#response.scrollTop = 0;
  }
}

customElements.define("run-request", RunRequest);
