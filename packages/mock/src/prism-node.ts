/** The oldest Node on which Prism is tested. */
export const PRISM_NODE = 22;

/** Whether this Node runs Prism. */
export const canRunPrism = (): boolean => Number.parseInt(process.versions.node, 10) >= PRISM_NODE;
