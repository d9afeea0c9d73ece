import { CallConsole } from "./call-console.ts";
import type { CallData } from "./call-data.ts";
import { chosenLanguage, rememberLanguage } from "./language.ts";
import { showSetup } from "./setup.ts";

/** The samples of an operation and the console for it, by example; the language is chosen once for the site. */
class Calls extends HTMLElement {
  #console: CallConsole | undefined;

  connectedCallback(): void {
    const data: CallData = JSON.parse(this.querySelector(".call-data")?.textContent ?? "");
    const urls = { sandbox: String(this.dataset.sandbox), mock: String(this.dataset.mock) };
    const form = this.querySelector("form") as HTMLFormElement;
    this.#console = new CallConsole(form, data, urls, () => this.#showSetup());
    this.#followLanguage();
    this.#followExample();
    this.#foldExamples();
    this.#offerConsole(form);
    this.#showSetup();
  }

  #followLanguage(): void {
    const language = chosenLanguage();
    for (const input of this.#inputs("language")) {
      if (input.value === language) input.checked = true;
      input.addEventListener("change", () => rememberLanguage(input.value));
    }
  }

  #followExample(): void {
    for (const input of this.#inputs("example")) {
      // Browsers keep what was chosen when a page is loaded again.
      if (input.checked) this.#console?.showExample(Number(input.value));
      input.addEventListener("change", () => this.#console?.showExample(Number(input.value)));
    }
  }

  /** A list of examples that is folded closes when one was chosen, but not while arrow keys go through it. */
  #foldExamples(): void {
    const fold = this.querySelector<HTMLDetailsElement>(".examples-fold");
    const close = () => {
      if (!fold?.open) return;
      fold.open = false;
      fold.querySelector("summary")?.focus();
    };
    fold?.querySelector("fieldset")?.addEventListener("click", (event) => {
      if ((event as PointerEvent).pointerType) setTimeout(close);
    });
    fold?.addEventListener("keydown", ({ key, target }) => {
      if (key === "Escape" || (key === "Enter" && target instanceof HTMLInputElement)) close();
    });
  }

  #offerConsole(form: HTMLFormElement): void {
    // Who frames a page could have its reader click on Send.
    if (window.top !== window) {
      form.before("The console does not work inside another page. Open it by itself.");
      return;
    }
    const button = this.querySelector<HTMLButtonElement>(".switch") as HTMLButtonElement;
    const code = this.querySelector(".code") as HTMLElement;
    const toggle = (isOpen: boolean) => {
      form.hidden = !isOpen;
      code.hidden = isOpen;
      button.textContent = isOpen ? "Show the code" : "Send it";
      button.setAttribute("aria-expanded", String(isOpen));
      if (isOpen) this.#console?.focus();
    };
    button.hidden = false;
    button.addEventListener("click", () => toggle(form.hidden !== false));
    for (const opener of document.querySelectorAll<HTMLElement>("[data-opens-console]")) {
      opener.hidden = false;
      opener.addEventListener("click", (event) => {
        // Following a link to the console would take the focus out of it again.
        event.preventDefault();
        toggle(true);
      });
    }
    if (location.hash === "#send") toggle(true);
  }

  #showSetup(): void {
    showSetup(this, { mock: String(this.dataset.mock) });
  }

  #inputs(name: string): Iterable<HTMLInputElement> {
    return this.querySelectorAll<HTMLInputElement>(`input[name=${name}]`);
  }
}

customElements.define("imcloud-calls", Calls);
