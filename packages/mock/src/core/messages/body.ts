/** A body's type without `null`, which counts as left out: the API accepts both, and `null` clears nothing. */
export type WithoutNull<T> = T extends null
  ? never
  : T extends readonly (infer Item)[]
    ? WithoutNull<Item>[]
    : T extends object
      ? { [Key in keyof T]: WithoutNull<T[Key]> }
      : T;
