/** The statements that make the views. */
export const viewsOf = (_prefix: string): string[] => [];
