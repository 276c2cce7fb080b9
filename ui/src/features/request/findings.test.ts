import { expect, test } from 'vitest';
import { byField, fieldOf, placeOf } from './findings';

const ROWS = ['id', 'properties.mag', 'computed-1'];

test.each([
  ['/metadata/name', 'name'],
  ['/metadata/namespace', 'tenant'],
  ['/filter', 'filter'],
  ['/spec/filter', 'filter'],
  ['/spec/select', 'select'],
  ['/spec/startFrom', 'start'],
  ['/spec/startFrom/timestamp', 'start-timestamp'],
  ['/spec/startFrom/offsets/3', 'start-offsets'],
  ['/spec/store', 'store'],
  ['/spec/store/class', 'store-class'],
  ['/spec/store/table/name', 'store-table'],
  ['/spec/store/redis/key', 'store-key'],
  ['/spec/onError/policy', 'on-error'],
  ['/spec/onError/stopAfter', 'on-error-stop'],
  ['/spec/access', 'access'],
  ['/spec/access/purpose', 'access-purpose'],
  ['/spec/access/for', 'access-for'],
  ['/spec/access/requestedBy', 'access-requested-by'],
])('%s is shown at %s', (pointer, field) => expect(fieldOf(pointer, ROWS)).toBe(field));

test.each([
  ['/spec/select/1/type', 'column-properties.mag-type'],
  ['/spec/select/1/mask', 'column-properties.mag-mask'],
  ['/spec/select/0/key', 'column-id-as'],
  ['/spec/select/1', 'column-properties.mag-as'],
  ['/spec/select/2/expr', 'column-computed-1-expr'],
])('%s finds the row that was sent there: %s', (pointer, field) =>
  expect(fieldOf(pointer, ROWS)).toBe(field),
);

test('an entry that was not sent belongs to the selection', () => {
  expect(fieldOf('/spec/select/9/type', ROWS)).toBe('select');
});

test('a pointer that no field shows belongs to the form', () => {
  expect(fieldOf('/spec/product', ROWS)).toBe('form');
  expect(fieldOf('', ROWS)).toBe('form');
  expect(fieldOf('/spec/filterish', ROWS)).toBe('form');
});

test('no finding is lost', () => {
  const finding = { code: 'X', message: 'x' };
  const fields = byField(
    [
      { ...finding, pointer: '/spec/filter' },
      { ...finding, pointer: '/spec/filter' },
      { ...finding, pointer: '/elsewhere' },
    ],
    ROWS,
  );
  expect(Object.values(fields).flat()).toHaveLength(3);
  expect(fields.filter).toHaveLength(2);
});

test('the place in an expression is read from the message', () => {
  const message = "'amout' is not a field of the event (line 2, column 7)";
  expect(placeOf({ pointer: '/filter', code: 'UnknownField', message })).toEqual({
    line: 2,
    column: 7,
  });
  expect(
    placeOf({ pointer: '/filter', code: 'NotBoolean', message: 'gives text' }),
  ).toBeUndefined();
});
