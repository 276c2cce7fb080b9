import { expect, test } from 'vitest';
import type { Progress } from '../api/types';
import { standing } from './progress';

const progress: Progress = {
  percent: 36.65,
  eventsPerSecond: 10,
  lagEvents: 5,
  lagSeconds: 1,
  counts: { read: 5, applied: 5, filtered: 0, deadLettered: 0, skipped: 0 },
};

test('a preload shows percent and, once known, the time left', () => {
  expect(standing({ phase: 'Preloading', progress })).toBe('36.6 %');
  expect(standing({ phase: 'Preloading', progress: { ...progress, etaSeconds: 80 } })).toBe(
    '36.6 %, 1 min 20 s left',
  );
});

test('a preload that nobody reported on yet does not show a number', () => {
  expect(standing({ phase: 'Preloading' })).toBe('beginning to load');
});

test('a subscription without status has nothing to show', () => {
  expect(standing(undefined)).toBe('');
});

test('a paused one shows where it stopped', () => {
  expect(standing({ phase: 'Paused', progress })).toBe('36.6 %');
});
