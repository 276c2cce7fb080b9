import type { BoundStore, ObjectKey } from '../../../api/types';
import { commandOf, type Example, queryOf, type Snippet } from './snippets';

/** The name of the Secret that has the login of a subscription's reader. */
export const secretOf = (subscription: string) => `${subscription}-credentials`;

/**
 * How to connect with a login that the cluster keeps: the shell takes it from there, so it is on no
 * page.
 *
 * @param store absent until it is made
 */
export function snippetsFromSecret(
  { tenant, name }: ObjectKey,
  store?: BoundStore,
  example: Example = {},
): Snippet[] {
  const get = `kubectl get secret ${secretOf(name)} -n ${tenant} -o`;
  const uri = `"$(${get} jsonpath='{.data.uri}' | base64 --decode)"`;
  return [
    {
      name: 'kubectl',
      text: `${get} go-template='{{range $k, $v := .data}}{{$k}}={{$v | base64decode}}{{"\\n"}}{{end}}'`,
    },
    ...(store ? [toolOf(store, uri, example)] : []),
    { name: 'Pod', text: podWith(secretOf(name)) },
  ];
}

function toolOf({ engine, relation }: BoundStore, uri: string, example: Example): Snippet {
  return engine === 'Redis'
    ? { name: 'redis-cli', text: `redis-cli -u ${uri} \\\n  ${commandOf(relation, example)}` }
    : { name: 'psql', text: `psql ${uri} \\\n  -c ${queryOf(relation)}` };
}

function podWith(secret: string): string {
  return `containers:
  - name: app
    envFrom:
      - prefix: DB_
        secretRef:
          name: ${secret}`;
}
