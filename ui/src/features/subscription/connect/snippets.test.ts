import { expect, test } from 'vitest';
import type { Binding } from '../../../api/types';
import { type Example, snippetsOf } from './snippets';

const POSTGRES: Binding = {
  type: 'postgresql',
  host: 'localhost',
  port: 5432,
  database: 'team_risk',
  username: 'reader',
  relation: 'public.orders',
  revealed: false,
};

const REDIS: Binding = { ...POSTGRES, type: 'redis', database: '0', relation: 'quake:*' };

const text = (binding: Binding, name: string) =>
  snippetsOf(binding).find((snippet) => snippet.name === name)?.text;

test('before the password is revealed its place is marked', () => {
  expect(text(POSTGRES, 'psql')).toBe(
    "PGPASSWORD=PASSWORD psql -h localhost -p 5432 -U reader -d team_risk \\\n  -c 'select * from public.orders limit 10'",
  );
});

test('a password that a shell would read is quoted', () => {
  expect(text({ ...POSTGRES, password: "a'b $c" }, 'psql')).toContain(
    `PGPASSWORD='a'\\''b $c' psql`,
  );
});

test('a table with capital letters keeps them', () => {
  expect(text({ ...POSTGRES, relation: 'public.Orders' }, 'psql')).toContain('public."Orders"');
});

test('redis-cli logs in as the reader and looks at one key, for readers may not list keys', () => {
  const login = 'REDISCLI_AUTH=x redis-cli -h localhost -p 5432 --user reader';
  const look = (example?: Example) => snippetsOf({ ...REDIS, password: 'x' }, example)[0]?.text;
  expect(look()).toBe(`${login} HGETALL quake:KEY`);
  expect(look({ key: 'quake:us 1' })).toBe(`${login} HGETALL 'quake:us 1'`);
  expect(look({ key: 'quake:us1', structure: 'Json' })).toBe(`${login} GET quake:us1`);
});

test('each engine has its own tools', () => {
  expect(snippetsOf(POSTGRES).map((snippet) => snippet.name)).toEqual(['psql', 'JDBC', 'env']);
  expect(snippetsOf(REDIS).map((snippet) => snippet.name)).toEqual(['redis-cli', 'env']);
});
