/** What the API refuses, in a sentence that says what to do. */
export class DomainError extends Error {
  readonly status: number;

  constructor(status: number, sentence: string) {
    super(sentence);
    this.status = status;
  }
}

/** The request is wrong by the rules of the business. */
export function invalid(sentence: string): never {
  throw new DomainError(400, sentence);
}

/** The API responds to conflicts with a 500 whose message names what is in the way. */
export function conflict(sentence: string): never {
  throw new DomainError(500, sentence);
}

/** A thing by its id. */
export function requireFound<T>(thing: T | undefined, kind: string, id: string): T {
  if (thing === undefined) throw new DomainError(404, `No ${kind} was found with id ${id}`);
  return thing;
}

/** A thing that a request's body names. */
export function requireReference<T>(thing: T | undefined, field: string, id: unknown, where: string): T {
  if (thing === undefined) return invalid(`${field} ${JSON.stringify(id)} names nothing; ${where} has those there are`);
  return thing;
}
