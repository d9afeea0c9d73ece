/** What a caller sent, without the `null`s by which it left things out: the API takes both, and `null` clears nothing. */
export type WithoutNull<T> = T extends null
  ? never
  : T extends readonly (infer Item)[]
    ? WithoutNull<Item>[]
    : T extends object
      ? { [Key in keyof T]: WithoutNull<T[Key]> }
      : T;
