// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import { ProblemError } from '../api/problem';
import { ProblemAlert } from '../states/ProblemAlert';
import { CodeLink } from './CodeLink';

afterEach(cleanup);

test('a code leads to its page', () => {
  render(<CodeLink code="StoreLost" />);
  const link = screen.getByRole('link', { name: 'StoreLost' });
  expect(link.getAttribute('href')).toBe('/docs/conditions/StoreLost');
});

test('a problem of the platform leads to the page of its code', () => {
  const type = '/docs/conditions/InUse';
  render(
    <ProblemAlert
      error={new ProblemError({ type, title: 'In use', status: 409, code: 'InUse' })}
    />,
  );
  expect(screen.getByRole('link', { name: 'InUse' }).getAttribute('href')).toBe(type);
});

test('what this app itself calls a problem has no page', () => {
  render(<ProblemAlert error={new TypeError('Failed to fetch')} />);
  expect(screen.getByText('Unreachable')).toBeTruthy();
  expect(screen.queryByRole('link')).toBeNull();
});
