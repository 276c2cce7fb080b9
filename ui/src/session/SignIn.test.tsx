// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { currentToken, refuse } from './session';
import { SignIn } from './SignIn';

afterEach(cleanup);

beforeEach(() => refuse(currentToken() ?? ''));

test('the page says where the token comes from', () => {
  render(<SignIn absent="Missing" />);
  expect(screen.getByRole('heading', { name: 'This page needs your access token' })).toBeTruthy();
  expect(screen.getByText('./millrace up')).toBeTruthy();
  expect(screen.getByText('millrace-catalog-token')).toBeTruthy();
});

test('the command that prints it on Kubernetes is folded away', async () => {
  render(<SignIn absent="Missing" />);
  const summary = screen.getByText('Command that prints it');
  const folded = summary.closest('details');
  expect(folded).toHaveProperty('open', false);
  await userEvent.click(summary);
  expect(folded).toHaveProperty('open', true);
  expect(screen.getByRole('group', { name: 'kubectl' }).textContent).toBe(
    `kubectl get secret millrace-catalog-token --namespace millrace-system --output go-template='{{.data.token | base64decode}}'`,
  );
  expect(screen.getByRole('button', { name: 'Copy kubectl' })).toBeTruthy();
});

test('a refused token is said to be refused', () => {
  render(<SignIn absent="Refused" />);
  expect(screen.getByText(/did not accept the token/)).toBeTruthy();
  expect(screen.getByText(/new data directory and, on Kubernetes, when its Secret/)).toBeTruthy();
});

test('a pasted token signs in', async () => {
  render(<SignIn absent="Missing" />);
  await userEvent.type(screen.getByLabelText('Access token'), ' mr_abc ');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  expect(currentToken()).toBe('mr_abc');
});

test('the whole printed address may be pasted', async () => {
  render(<SignIn absent="Missing" />);
  await userEvent.type(
    screen.getByLabelText('Access token'),
    'http://localhost:8080/#token=mr_xyz{Enter}',
  );
  expect(currentToken()).toBe('mr_xyz');
});
