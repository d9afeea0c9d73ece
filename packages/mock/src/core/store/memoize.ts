/**
 * Memoizes a function by object, in a WeakMap.
 * @param work a function of an immutable object, such as a record
 */
export function memoize<Key extends object, T extends object | number>(work: (key: Key) => T): (key: Key) => T {
  const known = new WeakMap<Key, T>();
  return (key) => {
    let result = known.get(key);
    if (result === undefined) {
      result = work(key);
      known.set(key, result);
    }
    return result;
  };
}
