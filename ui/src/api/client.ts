import createClient from 'openapi-fetch';
import { currentToken, refuse } from '../session/session';
import { ProblemError, problemFrom } from './problem';
import type { paths } from './schema';

/** fetch with the token; a token the platform does not take ends the session. */
export async function authorizedFetch(input: Request): Promise<Response> {
  const token = currentToken();
  if (token) input.headers.set('Authorization', `Bearer ${token}`);
  const response = await fetch(input);
  if (response.status === 401 && token) refuse(token);
  return response;
}

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: authorizedFetch,
});

/** The answer's content, or its problem thrown. */
export async function content<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) throw new ProblemError(problemFrom(error, response.status));
  return data as T;
}
