import { expect, test } from 'vitest';
import { columnTypeOf, fieldsOf } from './fields';

const SCHEMA = {
  type: 'object',
  required: ['id'],
  properties: {
    id: { type: 'string', description: 'Its id.' },
    at: { type: 'string', format: 'date-time' },
    felt: { type: ['integer', 'null'] },
    place: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
    lines: { type: 'array', items: { type: 'number' } },
    extra: {},
  },
};

test('fields come in the schema’s order, nested ones by their path', () => {
  expect(fieldsOf(SCHEMA).map((field) => field.path)).toEqual([
    'id',
    'at',
    'felt',
    'place',
    'place.name',
    'lines',
    'extra',
  ]);
});

test('types are told in the platform’s words', () => {
  expect(fieldsOf(SCHEMA).map((field) => field.type)).toEqual([
    'text',
    'timestamp',
    'integer',
    'object',
    'text',
    'list of number',
    'any',
  ]);
});

test('required is told within its own object', () => {
  const required = fieldsOf(SCHEMA).filter((field) => field.required);
  expect(required.map((field) => field.path)).toEqual(['id', 'place.name']);
});

test('columns get the type that the platform gives them', () => {
  expect(fieldsOf(SCHEMA).map(columnTypeOf)).toEqual([
    'text',
    'timestamp',
    'bigint',
    'json',
    'text',
    'json',
    'json',
  ]);
});

test('what is no schema has no fields', () => {
  expect(fieldsOf(undefined)).toEqual([]);
  expect(fieldsOf({ type: 'string' })).toEqual([]);
});
