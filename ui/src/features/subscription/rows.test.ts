import { expect, test } from 'vitest';
import { columnsOf, freshIn, isNumeric, seenRows } from './rows';

test('columns are those of all rows, in the order of first sight', () => {
  expect(
    columnsOf([
      { _key: 'q:1', mag: 4 },
      { _key: 'q:2', place: 'x' },
    ]),
  ).toEqual(['_key', 'mag', 'place']);
});

const fresh = (rows: object[], before: object[]) => {
  const seen = seenRows(rows as Record<string, unknown>[]);
  const ids = freshIn(seen, seenRows(before as Record<string, unknown>[]));
  return seen.filter(({ id }) => ids.has(id)).map(({ row }) => row);
};

test('new and changed rows are fresh, others are not, wherever they moved', () => {
  const before = [
    { id: 1, mag: 4 },
    { id: 2, mag: 5 },
  ];
  expect(
    fresh(
      [
        { id: 3, mag: 6 },
        { id: 2, mag: 5 },
        { id: 1, mag: 4.1 },
      ],
      before,
    ),
  ).toEqual([
    { id: 3, mag: 6 },
    { id: 1, mag: 4.1 },
  ]);
});

test('a second row like the first is told apart from it', () => {
  expect(new Set(seenRows([{ a: 1 }, { a: 1 }]).map(({ id }) => id)).size).toBe(2);
  expect(fresh([{ a: 1 }, { a: 1 }], [{ a: 1 }])).toEqual([{ a: 1 }]);
});

test('a column is numeric when every value that is there is a number', () => {
  const rows = [
    { mag: 4, id: '1', felt: null },
    { mag: null, id: 2, felt: null },
  ];
  expect(isNumeric(rows, 'mag')).toBe(true);
  expect(isNumeric(rows, 'id')).toBe(false);
  expect(isNumeric(rows, 'felt')).toBe(false);
});
