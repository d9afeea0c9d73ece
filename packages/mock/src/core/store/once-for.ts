/**
 * A function that works something out once for each object, and remembers it for as long as the object is there.
 * @param work of an object that never changes, such as a record
 */
export function onceFor<Key extends object, T extends object | number>(work: (key: Key) => T): (key: Key) => T {
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
