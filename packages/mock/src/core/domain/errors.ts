/** An error of the API, with a sentence that says what to do. */
export class DomainError extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** Throws for a request that breaks a business rule. */
export function invalid(sentence: string): never {
  throw new DomainError(400, sentence);
}

/** Throws for a conflict, to which the API responds with a 500 that names the cause. */
export function conflict(sentence: string): never {
  throw new DomainError(500, sentence);
}

/** Throws a 404 if the record of an id is missing. */
export function requireFound<T>(thing: T | undefined, kind: string, id: string): T {
  if (thing === undefined) throw new DomainError(404, `No ${kind} was found with id ${id}`);
  return thing;
}

/** Throws a 400 if a record that the request's body names is missing. */
export function requireReference<T>(thing: T | undefined, field: string, id: unknown, where: string): T {
  if (thing === undefined) return invalid(`${field} ${JSON.stringify(id)} names nothing; ${where} has those there are`);
  return thing;
}
