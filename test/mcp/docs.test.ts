import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Connected, connectAssistant } from "./assistant.ts";

let connected: Connected;
beforeAll(async () => {
  connected = await connectAssistant();
});
afterAll(() => connected.close());

describe("resources", () => {
  test("are all pages of the docs, each with a title and a description", async () => {
    const { resources } = await connected.host.listResources();
    const uris = resources.map(({ uri }) => uri);
    for (const page of ["guides/seats.md", "operations/orders_create.md", "errors/429.md", "objects/order.md"]) {
      expect(uris).toContain(`imcloud://docs/${page}`);
    }
    for (const { title, description, mimeType, uri } of resources) {
      expect([title, description, mimeType], uri).toEqual([
        expect.stringMatching(/./),
        expect.stringMatching(/./),
        "text/markdown",
      ]);
    }
  });

  test("are read as Markdown", async () => {
    const { contents } = await connected.host.readResource({ uri: "imcloud://docs/guides/seats.md" });
    expect(contents).toMatchObject([{ mimeType: "text/markdown", text: expect.stringMatching(/^# Changing seats/m) }]);
  });

  test.each(["imcloud://docs/guides/nothing.md", "imcloud://docs/../../package.json"])(
    "do not have %s",
    async (uri) => {
      await expect(connected.host.readResource({ uri })).rejects.toThrow();
    },
  );

  test("are completed from the beginning of their names", async () => {
    const { completion } = await connected.host.complete({
      ref: { type: "ref/resource", uri: "imcloud://docs/{+page}" },
      argument: { name: "page", value: "guides/se" },
    });
    expect(completion.values).toEqual(["guides/seats.md", "guides/selling.md"]);
  });
});

describe("search_docs", () => {
  test.each([
    ["how many calls a minute", "guides/limits.md"],
    ["changeSeats total difference", "guides/seats.md"],
    ["onmicrosoft.com domain tenant", "guides/microsoft.md"],
    ["UnknownOutcomeError", "errors"],
    ["renewal cancel", "guides/renewals.md"],
  ])("finds for %j a part of %s", async (query, page) => {
    const { data } = await connected.call("search_docs", { query, limit: 10 });
    expect(data.map((each: { page: string }) => each.page).join()).toContain(page);
  });

  test("shows the part of a long section that has the words", async () => {
    const { data } = await connected.call("search_docs", { query: "What does the status code PF mean?" });
    expect(data.map(({ text }: { text: string }) => text).join()).toMatch(/PF.{0,10}failed/);
    for (const { text } of data) expect(text.length).toBeLessThanOrEqual(1_202);
  });

  test("finds nothing for an unknown word", async () => {
    expect((await connected.call("search_docs", { query: "xyzzyplugh" })).data).toEqual([]);
  });
});

describe("read_docs_page", () => {
  test("reads a long page in parts, without a gap", async () => {
    let offset: number | undefined = 0;
    let markdown = "";
    let total: number | undefined;
    while (offset !== undefined) {
      const part = await connected.call("read_docs_page", { page: "operations/orders_create.md", offset });
      markdown += part.data.markdown;
      offset = part.nextOffset;
      total = part.total;
    }
    expect(markdown.length).toBe(total);
    const { contents } = await connected.host.readResource({ uri: "imcloud://docs/operations/orders_create.md" });
    expect(contents).toMatchObject([{ text: markdown }]);
  });
});

describe("prompts", () => {
  test("exist for the usual jobs, and name existing tools", async () => {
    const { prompts } = await connected.host.listPrompts();
    expect(prompts.map(({ name }) => name)).toEqual([
      "renewals_this_month",
      "new_tenant",
      "change_seats",
      "invoice_question",
    ]);
    const tools = (await connected.host.listTools()).tools.map(({ name }) => name);
    for (const { name, arguments: given = [] } of prompts) {
      const args = Object.fromEntries(given.map((argument) => [argument.name, "30"]));
      const { messages } = await connected.host.getPrompt({ name, arguments: args });
      const [{ content } = { content: undefined }] = messages;
      const text = content?.type === "text" ? content.text : "";
      const named = text.match(/\b[a-z]+_[a-z_]+\b/g) ?? [];
      expect(named.length, name).toBeGreaterThan(0);
      for (const tool of named) expect(tools, `${name} names ${tool}`).toContain(tool);
    }
  });

  test("require their arguments", async () => {
    await expect(connected.host.getPrompt({ name: "change_seats", arguments: { customer: "Acme" } })).rejects.toThrow(
      /seats/,
    );
  });
});
