// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { beginSession, currentToken, refuse, signIn, tokenIn } from './session';

beforeEach(() => {
  sessionStorage.clear();
  window.history.replaceState(null, '', '/');
});

test('a token is read from the fragment', () => {
  expect(tokenIn('#token=mr_abc')).toBe('mr_abc');
  expect(tokenIn('#token=mr_a%2Bb&x=1')).toBe('mr_a+b');
});

test('a fragment without a token has none', () => {
  expect(tokenIn('')).toBeUndefined();
  expect(tokenIn('#main')).toBeUndefined();
  expect(tokenIn('#token=')).toBeUndefined();
});

test('the token leaves the address bar and the rest of the address stays', () => {
  window.history.replaceState(null, '', '/products?q=geo#token=mr_abc');
  beginSession();
  expect(window.location.href).toMatch(/\/products\?q=geo$/);
  expect(currentToken()).toBe('mr_abc');
});

test('the token outlives a reload of the tab', () => {
  window.history.replaceState(null, '', '/#token=mr_abc');
  beginSession();
  beginSession();
  expect(currentToken()).toBe('mr_abc');
});

test('an address with a new token replaces the one before', () => {
  signIn('mr_old');
  window.history.replaceState(null, '', '/#token=mr_new');
  beginSession();
  expect(currentToken()).toBe('mr_new');
});

test('without a token there is no session', () => {
  beginSession();
  expect(currentToken()).toBeUndefined();
});

test('a refused token is forgotten', () => {
  signIn('mr_abc');
  refuse('mr_abc');
  expect(currentToken()).toBeUndefined();
  expect(sessionStorage.length).toBe(0);
});

test('a late refusal of an old token leaves the new one', () => {
  signIn('mr_old');
  signIn('mr_new');
  refuse('mr_old');
  expect(currentToken()).toBe('mr_new');
});
