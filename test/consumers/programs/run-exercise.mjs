import * as client from "@imcloud/client";
import { exercise } from "./exercise.mjs";

await exercise(client);
