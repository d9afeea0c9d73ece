export { decisionTable, facts } from "../../openapi/rules/sources.js";

export const words = (list: string | undefined): string[] => (list ? list.split(", ") : []);
