import { type ShownResponse, send } from "./call.ts";
import type { CallData } from "./call-data.ts";
import { type Connection, connect, mockGlobals, type ScriptUrls } from "./connection.ts";
import { ResponseView } from "./response-view.ts";
import { forgetSettings, type ReaderSettings, readSettings, type Target, writeSettings } from "./settings.ts";

const OWN = ["baseUrl", "marketplace", "username", "password", "subscriptionKey", "token"] as const;

/** The form that sends a call and shows what came back. */
export class CallConsole {
  readonly #form: HTMLFormElement;
  readonly #data: CallData;
  readonly #urls: ScriptUrls;
  readonly #onSettings: () => void;
  readonly #view: ResponseView;
  #isSending = false;

  constructor(form: HTMLFormElement, data: CallData, urls: ScriptUrls, onSettings: () => void) {
    this.#form = form;
    this.#data = data;
    this.#urls = urls;
    this.#onSettings = onSettings;
    this.#view = new ResponseView(form.querySelector(".response") as HTMLElement, {
      data,
      resend: () => this.#send(),
    });
    this.#fillSettings();
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      void this.#send();
    });
    form.addEventListener("change", (event) => {
      const { name } = event.target as HTMLInputElement;
      if (name === "target" || name.startsWith("own-")) this.#saveSettings();
    });
    form.querySelector("[data-action=forget]")?.addEventListener("click", () => {
      forgetSettings();
      this.#fillSettings();
      this.#onSettings();
    });
  }

  /** Fills the body with an example. */
  showExample(index: number): void {
    const body = this.#form.querySelector("textarea");
    if (body) body.value = this.#data.examples[index]?.body ?? "";
  }

  /**
   * Puts the focus where one begins: at the first value that can be changed, or else at the button. Who opened the console from far above it, as
   * on a telephone, is taken there.
   */
  focus(): void {
    this.#form
      .querySelector<HTMLElement>("[data-parameter], textarea, button[type=submit]")
      ?.focus({ preventScroll: true });
    const { top } = this.#form.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) this.#form.parentElement?.scrollIntoView({ block: "start" });
  }

  #control(name: string): HTMLInputElement | HTMLSelectElement {
    return this.#form.elements.namedItem(name) as HTMLInputElement | HTMLSelectElement;
  }

  /** Shows what this browser keeps. A mock beside the page takes precedence over the sandbox. */
  async #fillSettings(): Promise<void> {
    const settings = readSettings();
    for (const name of OWN) this.#control(`own-${name}`).value = settings[name];
    const fallback = async (): Promise<Target> => ((await mockGlobals(this.#urls)).isServed ? "mock" : "sandbox");
    this.#control("target").value = settings.target ?? (await fallback().catch(() => "sandbox" as const));
    this.#showOwn();
  }

  #saveSettings(): void {
    const own = Object.fromEntries(OWN.map((name) => [name, this.#control(`own-${name}`).value.trim()]));
    writeSettings({ ...(own as unknown as ReaderSettings), target: this.#control("target").value as Target });
    this.#showOwn();
    this.#onSettings();
  }

  #showOwn(): void {
    (this.#form.querySelector(".own") as HTMLElement).hidden = this.#control("target").value !== "own";
  }

  #values() {
    const inputs = this.#form.querySelectorAll<HTMLInputElement>("[data-parameter]");
    const parameters = Object.fromEntries([...inputs].map((input) => [String(input.dataset.parameter), input.value]));
    return { parameters, body: this.#form.querySelector("textarea")?.value ?? "" };
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#view.showWaiting();
    let connection: Connection | undefined;
    let response: ShownResponse;
    try {
      connection = await connect(this.#control("target").value as Target, readSettings(), this.#urls);
      response = await send(connection, this.#data, this.#values());
      this.#view.show(response, connection);
    } catch (error) {
      this.#view.showFailure((error as Error).message, connection);
    } finally {
      this.#isSending = false;
    }
  }
}
