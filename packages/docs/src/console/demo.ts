import { forgetTokens, send } from "./call.ts";
import { connect } from "./connection.ts";
import type { DemoData } from "./demo-data.ts";
import { ResponseView } from "./response-view.ts";
import { readSettings } from "./settings.ts";

/** A button that makes an error happen, in the sandbox of the page. */
class Demo extends HTMLElement {
  connectedCallback(): void {
    const data: DemoData = JSON.parse(this.querySelector(".demo-data")?.textContent ?? "");
    const view = new ResponseView(this.querySelector(".response") as HTMLElement);
    const button = this.querySelector("button") as HTMLButtonElement;
    button.hidden = false;
    button.addEventListener("click", () => {
      view.showWaiting();
      this.#run(data, view).catch((error: Error) => view.showFailure(error.message, undefined));
    });
  }

  async #run({ call, values, fault, response, withoutKey }: DemoData, view: ResponseView): Promise<void> {
    const urls = { sandbox: String(this.dataset.sandbox), mock: String(this.dataset.mock) };
    const connection = await connect("sandbox", readSettings(), urls);
    await connection.controls?.reset();
    // Each time begins anew, also after an error that ended a token.
    forgetTokens();
    if (fault) await connection.controls?.addFault(fault);
    const { credentials } = connection;
    const used = withoutKey
      ? { ...connection, token: "none", credentials: { ...credentials, subscriptionKey: "" } }
      : connection;
    const takeBack = response && connection.controls?.respond?.(call.operation, response);
    try {
      view.show(await send(used, call, values, false), connection);
    } finally {
      takeBack?.();
    }
  }
}

customElements.define("imcloud-demo", Demo);
