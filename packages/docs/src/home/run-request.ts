import type { HomeRequest } from "./requests.ts";
import { type HomeResponse, loadSandbox, send } from "./sandbox-in-page.ts";

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

  async #send(): Promise<void> {
    const request = this.#chosen;
    const sandbox = await loadSandbox(String(this.dataset.sandbox));
    const response = await send(sandbox, request);
    this.#show(response);
    this.#order = (response.body as { id?: string }).id ?? "";
    this.#later.hidden = request.later === undefined;
  }

  async #move(): Promise<void> {
    const sandbox = await loadSandbox(String(this.dataset.sandbox));
    await sandbox.advance(this.#chosen.later ?? 0);
    this.#show(await send(sandbox, { method: "GET", path: `/orders/${this.#order}` }));
    this.#later.hidden = true;
  }

  #show({ status, body, milliseconds }: HomeResponse): void {
    const isGood = status < 400;
    this.#state.textContent = `${status} ${isGood ? "OK" : "Error"} in ${Math.max(1, Math.round(milliseconds))} ms`;
    this.#state.dataset.status = isGood ? "good" : "bad";
    this.#response.textContent = JSON.stringify(body, null, 2);
    delete this.#response.dataset.example;
    this.#response.scrollTop = 0;
  }
}

customElements.define("run-request", RunRequest);
