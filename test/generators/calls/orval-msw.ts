import { getCloudMarketplaceAPIMock } from "generated/api.msw.ts";
import { calls as imcloud } from "./imcloud.ts";
import { interceptWith } from "./intercept.ts";

export const calls = interceptWith(getCloudMarketplaceAPIMock(), imcloud);
