import * as client from "@imcloud/client";
import * as mock from "@imcloud/mock/sandbox";
import { flow } from "./flow.mjs";

console.log(await flow(mock, client));
