/**
 * The scheme of a URL that stands where a name of a file is wanted, and would be one of a strange name; `undefined` for all else. An error
 * shows the scheme alone, as the rest of a URL can hold a password.
 */
export const schemeOf = (name: string): string | undefined => /^([a-z][a-z0-9+.-]+):\/\//i.exec(name)?.[1];
