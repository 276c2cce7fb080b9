import { expect, test } from 'vitest';
import { columnsOf, freshIn } from './rows';

test('columns are those of all rows, in the order of first sight', () => {
  expect(
    columnsOf([
      { _key: 'q:1', mag: 4 },
      { _key: 'q:2', place: 'x' },
    ]),
  ).toEqual(['_key', 'mag', 'place']);
});

test('new and changed rows are fresh, others are not', () => {
  const before = [
    { id: 1, mag: 4 },
    { id: 2, mag: 5 },
  ];
  const rows = [
    { id: 3, mag: 6 },
    { id: 1, mag: 4.1 },
    { id: 2, mag: 5 },
  ];
  expect([...freshIn(rows, before)]).toEqual([
    JSON.stringify({ id: 3, mag: 6 }),
    JSON.stringify({ id: 1, mag: 4.1 }),
  ]);
});
