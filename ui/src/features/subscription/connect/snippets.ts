import type { Binding } from '../../../api/types';

/** A text to take along, under the name of its tool. */
export interface Snippet {
  name: string;
  text: string;
}

/** Stands where the password would, as long as it is not revealed. */
export const PLACEHOLDER = 'PASSWORD';

/** A key to look at in Redis, where readers may not list keys. */
export interface Example {
  structure?: string;
  key?: string;
}

/** How to connect with the usual tools. */
export function snippetsOf(binding: Binding, example: Example = {}): Snippet[] {
  return binding.type === 'redis' ? redis(binding, example) : postgres(binding);
}

function postgres(binding: Binding): Snippet[] {
  const { host, port, database = '', username, relation } = binding;
  const password = binding.password ?? PLACEHOLDER;
  const options = [
    `-h ${quoted(host)}`,
    `-p ${port}`,
    `-U ${quoted(username)}`,
    `-d ${quoted(database)}`,
  ].join(' ');
  return [
    {
      name: 'psql',
      text: `PGPASSWORD=${quoted(password)} psql ${options} \\\n  -c ${queryOf(relation)}`,
    },
    {
      name: 'JDBC',
      text: [
        `url=${binding['jdbc-url'] ?? `jdbc:postgresql://${host}:${port}/${database}`}`,
        `user=${username}`,
        `password=${password}`,
      ].join('\n'),
    },
    {
      name: 'env',
      text: [
        `PGHOST=${quoted(host)}`,
        `PGPORT=${port}`,
        `PGDATABASE=${quoted(database)}`,
        `PGUSER=${quoted(username)}`,
        `PGPASSWORD=${quoted(password)}`,
      ].join('\n'),
    },
  ];
}

function redis(binding: Binding, example: Example): Snippet[] {
  const { host, port, database, username, relation } = binding;
  const password = binding.password ?? PLACEHOLDER;
  const number = database && database !== '0' ? ` -n ${quoted(database)}` : '';
  const login = `REDISCLI_AUTH=${quoted(password)} redis-cli -h ${quoted(host)} -p ${port}${number} --user ${quoted(username)}`;
  return [
    {
      name: 'redis-cli',
      text: `${login} ${commandOf(relation, example)}`,
    },
    {
      name: 'env',
      text: [
        `REDIS_HOST=${quoted(host)}`,
        `REDIS_PORT=${port}`,
        `REDIS_DB=${quoted(database ?? '0')}`,
        `REDIS_USERNAME=${quoted(username)}`,
        `REDIS_PASSWORD=${quoted(password)}`,
      ].join('\n'),
    },
  ];
}

/** What psql is asked to see that it works. */
export function queryOf(relation: string): string {
  return quoted(`select * from ${identifier(relation)} limit 10`);
}

/** What redis-cli is asked. */
export function commandOf(relation: string, { structure, key }: Example): string {
  const command = structure === 'Json' ? 'GET' : 'HGETALL';
  return `${command} ${quoted(key ?? relation.replace(/\*$/, 'KEY'))}`;
}

/** For a POSIX shell: plain words stay plain. */
function quoted(text: string): string {
  return /^[A-Za-z0-9_./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Postgres folds capital letters unless a name stands in double quotes. */
function identifier(relation: string): string {
  return relation
    .split('.')
    .map((part) => (/^[a-z_][a-z0-9_]*$/.test(part) ? part : `"${part}"`))
    .join('.');
}
