import type { Finding, Problem } from './types';

/** An answer that was not what was asked for, in the platform's own form (RFC 9457). */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'ProblemError';
    this.problem = problem;
  }

  get findings(): Finding[] {
    return this.problem.errors ?? [];
  }
}

const UNREACHABLE: Problem = {
  type: 'about:blank',
  title: 'The platform does not answer',
  status: 0,
  code: 'Unreachable',
  detail: 'The request did not reach it.',
  remedy:
    'See whether ./millrace up still runs; on Kubernetes, whether the catalog’s Pod and the forwarded port do. This page tries again by itself.',
};

/** Whatever was thrown, as a problem that can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem;
  // fetch throws a TypeError when there was no answer at all.
  if (thrown instanceof TypeError) return UNREACHABLE;
  return {
    type: 'about:blank',
    title: 'This page failed',
    status: 0,
    code: 'PageFailed',
    detail: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: 'Reload the page.',
  };
}

/** The body of a refused request; a proxy or a crash may have sent anything. */
export function problemFrom(body: unknown, status: number): Problem {
  if (typeof body === 'object' && body !== null && 'code' in body) return body as Problem;
  return {
    type: 'about:blank',
    title: `The platform answered with status ${status}`,
    status,
    code: 'UnexpectedAnswer',
    remedy:
      'Try again; if it stays, look at the log of ./millrace up; on Kubernetes, at that of the catalog’s Pod, and at the forwarded port.',
  };
}
