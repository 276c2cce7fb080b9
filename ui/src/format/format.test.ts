import { expect, test } from 'vitest';
import { count, counted, duration, inline, lag, moment, percent, shortCount } from './format';

test.each([
  [0, '0 %'],
  [0.04, '0.0 %'],
  [36.65, '36.6 %'],
  [99.99, '99.9 %'],
  [100, '100 %'],
  [101, '100 %'],
])('%d of 100 reads as %s', (value, words) => expect(percent(value)).toBe(words));

test.each([
  [0.4, '0 s'],
  [45, '45 s'],
  [60, '1 min'],
  [80, '1 min 20 s'],
  [7_500, '2 h 5 min'],
  [273_600, '3 d 4 h'],
])('%d seconds read as %s', (seconds, words) => expect(duration(seconds)).toBe(words));

test('counts are grouped, and what is not known is a dash', () => {
  expect(count(3_000_000)).toBe('3,000,000');
  expect(count(undefined)).toBe('–');
  expect(counted(1, 'finding')).toBe('1 finding');
  expect(counted(2, 'finding')).toBe('2 findings');
});

test('short counts stay exact while they are short', () => {
  expect(shortCount(9_999)).toBe('9,999');
  expect(shortCount(1_900_500)).toBe('1.9M');
});

test('lag is words when there is none', () => {
  expect(lag(0, 0)).toBe('caught up');
  expect(lag(1, 0.2)).toBe('1 event');
  expect(lag(1_900_500, 4.2)).toBe('1.9M events, 4 s');
});

test('a moment is local time to the second; what is no time is shown as it came', () => {
  expect(moment('2026-11-24T18:02:03.456Z')).toMatch(/^2026-11-2\d \d\d:\d\d:03$/);
  expect(moment(undefined)).toBe('–');
  expect(moment('soon')).toBe('soon');
});

test('texts stay bare in a cell, other values are JSON', () => {
  expect(inline('SFO')).toBe('SFO');
  expect(inline([1, 'a'])).toBe('[1,"a"]');
  expect(inline(null)).toBe('');
});
