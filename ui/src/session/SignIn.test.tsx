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
});

test('a refused token is said to be refused', () => {
  render(<SignIn absent="Refused" />);
  expect(screen.getByText(/did not accept the token/)).toBeTruthy();
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
