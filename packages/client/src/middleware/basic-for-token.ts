import { type Auth, isPassword, TOKEN_PATH } from "../auth/auth.ts";
import { basic } from "../auth/password.ts";
import type { Middleware } from "../core/pipeline.ts";

/** Sends the user's name and password with a call of `/token`, which takes no token. */
export const basicForToken =
  (auth: Auth | undefined): Middleware =>
  (request, next) =>
    auth && isPassword(auth) && request.path === TOKEN_PATH && !request.headers.authorization
      ? next({ ...request, headers: { ...request.headers, authorization: basic(auth) } })
      : next(request);
