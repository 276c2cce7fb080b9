import { expect, test } from 'vitest';
import { ProblemError, problemFrom, problemOf } from './problem';

const PROBLEM = {
  type: '/docs/conditions/InUse',
  title: 'In use',
  status: 409,
  code: 'InUse',
};

test('the platform’s own problem is kept as it is', () => {
  expect(problemFrom(PROBLEM, 409)).toBe(PROBLEM);
  expect(problemOf(new ProblemError(PROBLEM))).toBe(PROBLEM);
});

test('a body of someone else becomes a problem with the status', () => {
  expect(problemFrom('<html>Bad gateway</html>', 502)).toMatchObject({
    code: 'UnexpectedAnswer',
    status: 502,
  });
  expect(problemFrom(undefined, 500).status).toBe(500);
});

test.each([
  ['silence', problemOf(new TypeError('Failed to fetch'))],
  ['what somebody else answered', problemFrom('<html>Bad gateway</html>', 502)],
])('%s has a remedy on a laptop and on Kubernetes', (_, { remedy }) => {
  expect(remedy).toContain('./millrace up');
  expect(remedy).toContain('on Kubernetes');
  expect(remedy).toContain('the catalog’s Pod');
  expect(remedy).toContain('the forwarded port');
});

test('silence is told apart from a fault of the page', () => {
  expect(problemOf(new TypeError('Failed to fetch')).code).toBe('Unreachable');
  expect(problemOf(new Error('x is undefined')).code).toBe('PageFailed');
});
