import { type SetupValues, type Shell, setupOf } from "@imcloud/openapi-tools/samples/setup";
import { mockGlobals } from "./connection.ts";
import { readSettings } from "./settings.ts";

/** Whose settings the samples are shown with, and what they are. */
async function currentValues(urls: { mock: string }): Promise<{ whose: string; values: SetupValues }> {
  const settings = readSettings();
  if (settings.target === "own" && settings.baseUrl) {
    const { target: _target, ...values } = settings;
    return { whose: "Your own connection, kept in this browser alone.", values };
  }
  const { url, credentials, isServed } = await mockGlobals({ sandbox: "", ...urls });
  const whose = isServed ? `The mock that runs at ${url}.` : "The mock as npm start serves it.";
  return { whose, values: { baseUrl: url, ...credentials, token: "" } };
}

/** Writes the reader's settings into what a shell takes before the first sample. */
export async function showSetup(calls: HTMLElement, urls: { mock: string }): Promise<void> {
  const { whose, values } = await currentValues(urls);
  const note = calls.querySelector(".setup-whose");
  if (note) note.textContent = whose;
  for (const block of calls.querySelectorAll<HTMLElement>("[data-shell]")) {
    const text = setupOf(block.dataset.shell as Shell, values);
    const lines = text.split("\n");
    const code = block.querySelector("pre code");
    const shown = [...(code?.querySelectorAll(".ec-line .code") ?? [])];
    // The settings are the first lines, one each: a line that is the same keeps its colors.
    if (shown.length !== lines.length) code?.replaceChildren(text);
    for (const [index, line] of shown.entries()) {
      if (line.textContent?.trimEnd() !== lines[index]?.trimEnd()) line.replaceChildren(String(lines[index]));
    }
    // What Starlight's button copies has its lines separated by DEL.
    block.querySelector<HTMLElement>("[data-code]")?.setAttribute("data-code", text.replaceAll("\n", "\u007f"));
  }
}
