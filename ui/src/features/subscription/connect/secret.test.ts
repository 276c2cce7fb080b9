import { expect, test } from 'vitest';
import { snippetsFromSecret } from './secret';

const OF = { tenant: 'team-risk', name: 'eu-orders' };
const POSTGRES = {
  name: 'eu-orders',
  engine: 'Postgres',
  address: 'postgres.databases:5432/risk',
  relation: 'public.orders',
};
const REDIS = { ...POSTGRES, engine: 'Redis', relation: 'order:*' };
const GET = 'kubectl get secret eu-orders-credentials -n team-risk -o';
const URI = `"$(${GET} jsonpath='{.data.uri}' | base64 --decode)"`;

test('all that the Secret has is printed', () => {
  expect(snippetsFromSecret(OF, POSTGRES)[0]).toEqual({
    name: 'kubectl',
    text: `${GET} go-template='{{range $k, $v := .data}}{{$k}}={{$v | base64decode}}{{"\\n"}}{{end}}'`,
  });
});

test('each engine has its own tool, which takes the login from the Secret', () => {
  expect(snippetsFromSecret(OF, POSTGRES)[1]).toEqual({
    name: 'psql',
    text: `psql ${URI} \\\n  -c 'select * from public.orders limit 10'`,
  });
  expect(snippetsFromSecret(OF, REDIS, { key: 'order:1', structure: 'Json' })[1]).toEqual({
    name: 'redis-cli',
    text: `redis-cli -u ${URI} \\\n  GET order:1`,
  });
});

test('a Pod takes it into its variables', () => {
  expect(snippetsFromSecret(OF, POSTGRES)[2]?.text).toContain('name: eu-orders-credentials');
});

test('before there is a store there is nothing to look at', () => {
  expect(snippetsFromSecret(OF).map(({ name }) => name)).toEqual(['kubectl', 'Pod']);
});
