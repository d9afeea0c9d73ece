import { describe, expect, test } from "vitest";
import type { Document } from "../document.ts";
import { samplesOf } from "../samples/samples.ts";
import { eachField, objectModel, operationModels } from "./reference.ts";

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const example = (summary: string, value: unknown) => ({ summary, value });

const document: Document = {
  openapi: "3.1.1",
  info: { title: "Shelters", version: "1.0.0", description: "" },
  paths: {
    "/pets/{id}": {
      parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", maxLength: 9 } }],
      get: {
        operationId: "pets_get",
        summary: "Get a pet",
        description: "One pet.",
        responses: {
          200: {
            description: "It.",
            content: { "application/json": { schema: ref("Pet"), examples: { one: example("A cat", { id: "7" }) } } },
          },
          404: { description: "There is none." },
        },
      },
      patch: {
        operationId: "pets_update",
        summary: "Update a pet",
        description: "Changes it.",
        requestBody: {
          content: {
            "application/json": {
              schema: ref("PetUpdate"),
              examples: {
                move: example("Move it", { shelterId: "12" }),
                rename: example("Rename it", { name: "Misse" }),
              },
            },
          },
        },
        responses: { 200: { description: "It.", content: { "application/json": { schema: ref("Pet") } } } },
      },
    },
  },
  components: {
    schemas: {
      Id: { type: "string", description: "Any id.", examples: ["1002101"] },
      Named: { type: "object", required: ["name"], properties: { name: { type: "string", minLength: 1 } } },
      State: {
        type: "string",
        description: "How a pet goes. It can come back.\n- `new`: just came.",
        "x-extensible-enum": ["new", "adopted"],
        "x-life-cycle": { new: ["adopted"], adopted: [] },
      },
      Pet: {
        description: "An animal.",
        allOf: [ref("Named")],
        required: ["id"],
        properties: {
          old: { type: "string", deprecated: true },
          nickname: { type: "string", "x-source": { certainty: "guide", decision: "0001" } },
          id: { ...ref("Id"), description: "Its number." },
          mother: ref("Pet"),
          toys: { type: "array", maxItems: 1, items: { type: "object", properties: { color: { type: "string" } } } },
          state: { ...ref("State"), description: "How the pet goes." },
          secret: { type: "string", writeOnly: true },
        },
      },
      PetUpdate: {
        type: "object",
        properties: {
          name: { type: ["string", "null"] },
          shelterId: { anyOf: [ref("Id"), { type: "null" }], description: "Where it lives." },
        },
      },
    },
  },
};

const [get, update] = operationModels(document) as [
  ReturnType<typeof operationModels>[number],
  ReturnType<typeof operationModels>[number],
];
const field = (model: typeof get, anchor: string) => {
  const all = [...(model.request?.fields ?? []), ...model.success.fields];
  const found = eachField(all).find((one) => one.anchor === anchor);
  if (!found) throw new Error(`There is no ${anchor}.`);
  return found;
};

describe("operationModels", () => {
  test("merges what a schema is composed of, required first and deprecated last", () => {
    expect(get.success.fields.map(({ name }) => name)).toEqual([
      "name",
      "id",
      "nickname",
      "mother",
      "toys",
      "state",
      "old",
    ]);
    expect(field(get, "response-name")).toMatchObject({ required: true, bounds: ["at least 1 character"] });
    expect(field(get, "response-old")).toMatchObject({ required: false, deprecated: true });
  });

  test("tells a value or null by its type, not as an object", () => {
    expect(field(update, "request-shelterId")).toMatchObject({ type: "string", nullable: true, component: "Id" });
  });

  test("takes a field's example from the body's, and none from a shared component", () => {
    expect(field(update, "request-shelterId").example).toBe("12");
    expect(field(get, "response-id").example).toBe("7");
    expect(field({ ...get, success: update.success }, "response-id").example).toBe(undefined);
  });

  test("says what a list holds, and gives what is in it anchors without brackets", () => {
    expect(field(get, "response-toys")).toMatchObject({ type: "array of objects", bounds: ["up to 1 element"] });
    expect(field(get, "response-toys-color").place).toBe("toys[].color");
  });

  test("tells a schema within itself once", () => {
    expect(field(get, "response-mother")).toMatchObject({ isRecursive: true, fields: [] });
  });

  test("keeps where a fact comes from, and what each value of a component means", () => {
    expect(field(get, "response-nickname").source).toEqual({ certainty: "guide", decision: "0001" });
    expect(field(get, "response-state").description).toBe(
      "How the pet goes.\n\nIt can come back.\n- `new`: just came.",
    );
  });

  test("refuses a life cycle with a state that is no value", () => {
    const wrong = structuredClone(document);
    Object.assign(wrong.components?.schemas?.State as object, { "x-life-cycle": { lost: [] } });
    expect(() => operationModels(wrong)).toThrow("x-life-cycle names lost");
  });
});

describe("objectModel", () => {
  test("finds where an object appears, an example, and the states of its life", () => {
    const pet = objectModel(document, { whole: "Pet", forms: ["PetUpdate"] });
    expect(pet.uses.map(({ operation, isSent, isReceived }) => [operation.id, isSent, isReceived])).toEqual([
      ["pets_get", false, true],
      ["pets_update", true, true],
    ]);
    expect(pet.example).toEqual({ id: "7" });
    expect(pet.state?.lifeCycle).toEqual([
      { name: "new", next: ["adopted"] },
      { name: "adopted", next: [] },
    ]);
  });
});

describe("samplesOf", () => {
  test("makes each language's sample of each example, and one where nothing is sent", () => {
    const examples = samplesOf(document).get("pets_update") ?? [];
    expect(examples.map(({ summary }) => summary)).toEqual(["Move it", "Rename it"]);
    for (const { samples, body } of examples) {
      const [sent] = Object.values(body as Record<string, string>);
      expect(samples.map(({ lang }) => lang)).toEqual(["curl", "TypeScript", "Python", "PowerShell"]);
      for (const { source } of samples) expect(source).toContain(String(sent));
    }
    expect(samplesOf(document).get("pets_get")).toHaveLength(1);
  });
});
