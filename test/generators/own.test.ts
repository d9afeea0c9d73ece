import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "@imcloud/openapi-tools/document";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resources, resourcesSource } from "../../packages/client/generate/resources.ts";
import { bundle } from "../../packages/spec/generate/bundle.ts";
import { downConvert } from "../../packages/spec/generate/down-convert.ts";
import { types } from "../../packages/spec/generate/types.ts";

const ROOT = `
openapi: 3.1.1
info: { title: Pets, version: 1.0.0 }
paths:
  /pets:
    $ref: paths/pets.yaml
  /pets/{id}:
    $ref: paths/pets_{id}.yaml
`;

const LIST = `
get:
  operationId: pets_list
  summary: List pets
  description: All pets. A note that ends */ early.
  parameters:
    - { name: kind, in: query, schema: { type: string } }
  responses:
    "200":
      description: The pets.
      content:
        application/json:
          schema: { $ref: ../schemas/PetList.yaml }
`;

const UPDATE = `
parameters:
  - { name: id, in: path, required: true, schema: { type: string } }
patch:
  operationId: pets_update
  summary: Update a pet
  description: Changes what is sent.
  deprecated: true
  requestBody:
    required: true
    content:
      application/json:
        schema: { $ref: ../schemas/PetUpdate.yaml }
  responses:
    "200":
      description: The pet.
      content:
        application/json:
          schema: { $ref: ../schemas/Pet.yaml }
`;

const SCHEMAS = {
  Pet: `
type: object
required: [id]
properties:
  id:
    anyOf: [{ type: integer }, { type: string }]
    examples: [7]
  kind: { type: string, x-extensible-enum: [cat, dog] }
`,
  PetUpdate:
    "type: object\ndescription: What an owner may change; */ is no end.\nproperties:\n  kind: { type: string, enum: [cat, dog] }\n",
  PetList: "type: object\nproperties:\n  data: { type: array, items: { $ref: ./Pet.yaml } }\n",
};

let folder: string;
const read = (name: string) => readFile(join(folder, name), "utf8");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "imcloud-generators-"));
  await mkdir(join(folder, "source/paths"), { recursive: true });
  await mkdir(join(folder, "source/schemas"));
  await writeFile(join(folder, "source/openapi.yaml"), ROOT);
  await writeFile(join(folder, "source/paths/pets.yaml"), LIST);
  await writeFile(join(folder, "source/paths/pets_{id}.yaml"), UPDATE);
  for (const [name, schema] of Object.entries(SCHEMAS)) {
    await writeFile(join(folder, `source/schemas/${name}.yaml`), schema);
  }
  await bundle(join(folder, "source/openapi.yaml"), folder);
  await downConvert(folder);
  await types(folder);
  await resources(folder, join(folder, "resources.ts"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("bundle() makes one file with every schema under its name", async () => {
  const document: Document = JSON.parse(await read("openapi.json"));
  expect(Object.keys(document.components?.schemas ?? {}).sort()).toEqual(["Pet", "PetList", "PetUpdate"]);
  expect(JSON.stringify(document)).not.toContain(".yaml");
  expect(document.paths["/pets"]?.get?.operationId).toBe("pets_list");
});

test("downConvert() writes the document in OpenAPI 3.0", async () => {
  const document = JSON.parse(await read("openapi-3.0.json"));
  expect(document.openapi).toMatch(/^3\.0/);
  expect(document.components.schemas.Pet.properties.id).toEqual({
    anyOf: [{ type: "integer" }, { type: "string" }],
    example: 7,
  });
});

test("types() makes open enums in responses, closed ones in requests, and exports each schema", async () => {
  const source = await read("schema.d.ts");
  expect(source).toContain('kind?: "cat" | "dog" | (string & {});');
  expect(source).toContain('kind?: "cat" | "dog";');
  expect(source).toContain("id: number | string;");
  for (const name of Object.keys(SCHEMAS))
    expect(source).toMatch(new RegExp(`^export (type|interface) ${name}\\b`, "m"));
});

test("types() gives schemas their descriptions, and exports only schemas", async () => {
  const source = await read("schema.d.ts");
  expect(source).toContain("/** What an owner may change; *\\/ is no end. */\nexport interface PetUpdate");
  expect(source).not.toMatch(/^export (type|interface) (?!Pet|paths|webhooks|components|operations|\$defs)/m);
});

test("resources() makes the methods of this snapshot", async () => {
  expect(await read("resources.ts")).toMatchInlineSnapshot(`
    "// Made by packages/client/generate/resources.ts from the document. Change the document, not this file.
    import type { Pet, PetList, PetUpdate } from "@imcloud/spec";
    import type { ApiPromise } from "../core/calls/api-promise.ts";
    import type { Operation } from "../core/calls/operation.ts";
    import type { ApiError, ConnectionError, TimeoutError, UnknownOutcomeError } from "../core/errors/errors.ts";
    import type { PagePromise } from "../core/lists/pages.ts";
    import type { RequestOptions } from "../core/request-options.ts";

    /** Filters and paging of \`pets.list\`. */
    export interface PetsListQuery {
      /** kind */
      kind?: string | undefined;
    }

    /** The operations of \`pets\`. */
    export interface PetsResource {
      /**
       * List pets
       *
       * All pets. A note that ends *\\/ early.
       *
       * \`GET /pets\`
       * @throws {@link ApiError} for a status that is not a success
       * @throws {@link ConnectionError}, {@link TimeoutError}
       */
      list(query?: PetsListQuery, options?: RequestOptions): ApiPromise<PetList>;

      /**
       * Update a pet
       *
       * Changes what is sent.
       *
       * \`PATCH /pets/{id}\`
       *
       * @deprecated
       * @throws {@link ApiError} for a status that is not a success
       * @throws {@link ConnectionError}, {@link TimeoutError}
       * @throws {@link UnknownOutcomeError} when it may or may not have happened
       */
      update(id: string, body: PetUpdate, options?: RequestOptions): ApiPromise<Pet>;
    }

    /** The resources of the API, one method for each operation of the document. */
    export interface Resources {
      pets: PetsResource;
    }

    /** The operations of the document, from which their methods are made. */
    export const operations: readonly Operation[] = [
      { id: "pets_list", method: "GET", path: "/pets", query: { kind: "text" } },
      { id: "pets_update", method: "PATCH", path: "/pets/{id}", hasBody: true },
    ];
    "
  `);
});

describe("resources()", () => {
  const edited = async (edit: (document: Document) => void) => {
    const document: Document = JSON.parse(await read("openapi.json"));
    edit(document);
    return () => resourcesSource(document);
  };
  const list = (document: Document) => {
    const operation = document.paths["/pets"]?.get;
    if (!operation) throw new Error("The document has lost its list.");
    return operation;
  };

  test("rejects an operation id that is not <resource>_<method>", async () => {
    const generate = await edited((document) => {
      list(document).operationId = "listPets";
    });
    expect(generate).toThrow("operationId listPets must be <resource>_<method>.");
  });
  test("rejects an operation without a success", async () => {
    const generate = await edited((document) => {
      list(document).responses = {};
    });
    expect(generate).toThrow("pets_list documents no success.");
  });
  test("rejects a response without a named schema", async () => {
    const generate = await edited((document) => {
      list(document).responses = { "200": { description: "", content: { "application/json": { schema: {} } } } };
    });
    expect(generate).toThrow("The response of pets_list needs a JSON schema with a name.");
  });
  test("rejects a reference that leads nowhere, by file and line", async () => {
    const broken = join(folder, "broken");
    await cp(join(folder, "source"), broken, { recursive: true });
    await rm(join(broken, "schemas/Pet.yaml"));
    await expect(bundle(join(broken, "openapi.yaml"), broken)).rejects.toThrow(
      /The bundle of .* failed\.\n\S*\.yaml:\d+:\d+: .*Pet\.yaml/,
    );
  });
});
