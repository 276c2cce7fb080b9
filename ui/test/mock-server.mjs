// The REST contract from fixtures, with the built app beside it: `node test/mock-server.mjs [port]`.
// Scenario by token: `mr_demo` has everything, `mr_empty` nothing, `mr_broken` fails each read,
// `mr_cluster` has everything, kept by Kubernetes.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import * as f from './fixtures.mjs';

const FILES = fileURLToPath(new URL('../target/classes/META-INF/resources', import.meta.url));
const TYPES = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.html': 'text/html',
};
export const POLICY =
  "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";

export function startMock({ port = 0, policy = POLICY } = {}) {
  const state = { subscriptions: new Map(), revealed: new Set() };
  seed(state);
  const server = createServer((request, response) => {
    answer(state, request, response, policy).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', () =>
      resolve({
        address: `http://localhost:${server.address().port}`,
        close: () => {
          server.closeAllConnections();
          server.close();
        },
      }),
    );
  });
}

function seed({ subscriptions }) {
  const add = (tenant, name, spec, situation) =>
    subscriptions.set(`${tenant}/${name}`, { tenant, name, spec, situation, since: Date.now() });
  add(
    'usgs',
    'strong-quakes',
    {
      product: 'usgs/earthquakes',
      filter: 'event.properties.mag >= 4.5',
      select: [
        { field: 'id', key: true },
        { field: 'properties.mag', as: 'mag', type: 'decimal(4,2)' },
        { field: 'properties.place', as: 'place' },
        { field: 'properties.time', as: 'at', type: 'timestamp' },
      ],
      store: {
        class: 'postgres-embedded',
        table: { name: 'strong_quakes' },
        reclaimPolicy: 'Delete',
      },
    },
    {
      phase: 'Live',
      done: 1,
      total: 1708,
      engine: 'Postgres',
      relation: 'public.strong_quakes',
      dead: 2,
    },
  );
  add(
    'usgs',
    'quake-cache',
    {
      product: 'usgs/earthquakes',
      store: { class: 'redis-embedded', redis: { key: 'quake:{id}' } },
    },
    { phase: 'Live', done: 1, total: 1708, engine: 'Redis', relation: 'quake:*' },
  );
  add(
    'bts',
    'sfo-late',
    {
      product: 'bts/flights',
      filter: "event.origin == 'SFO' && event.delay > 60",
      store: { class: 'postgres-embedded' },
    },
    {
      phase: 'Preloading',
      done: 0.3665,
      total: 3_000_000,
      engine: 'Postgres',
      relation: 'public.sfo_late',
      rate: 181_000,
    },
  );
  add(
    'bts',
    'all-flights',
    { product: 'bts/flights', store: { class: 'postgres-embedded' }, state: 'Paused' },
    {
      phase: 'Paused',
      done: 0.82,
      total: 3_000_000,
      engine: 'Postgres',
      relation: 'public.all_flights',
    },
  );
  add(
    'risk',
    'broken-mirror',
    { product: 'bts/flights', store: { name: 'warehouse' } },
    {
      phase: 'Failed',
      done: 0.12,
      total: 3_000_000,
      engine: 'Postgres',
      relation: 'public.flights',
      trouble: [
        'StoreUnavailable',
        'Partition 2 at offset 91,204: db.example.com:5432 refuses connections. See whether the server runs; Millrace tries again by itself.',
      ],
    },
  );
}

function objectOf({ tenant, name, spec, situation, since, deleting }) {
  const moved = { ...situation };
  if (situation.grows) {
    moved.done = Math.min(1, (Date.now() - since) / 5000);
    moved.phase = moved.done < 1 ? 'Preloading' : 'Live';
    moved.rate = moved.done < 1 ? 24_000 : 0;
  }
  if (spec.state === 'Paused') moved.phase = 'Paused';
  if (deleting) moved.phase = 'Deleting';
  return f.subscription(tenant, name, spec, f.statusOf(moved, `${tenant}/${name}`));
}

async function answer(state, request, response, policy) {
  const url = new URL(request.url, 'http://localhost');
  if (!url.pathname.startsWith('/api/')) return file(url.pathname, response, policy);
  const token = request.headers.authorization?.replace('Bearer ', '');
  if (!token?.startsWith('mr_') || token === 'mr_wrong') {
    return problem(
      response,
      401,
      'Unauthenticated',
      'the request carries no token that this platform knows',
      "Send 'Authorization: Bearer TOKEN'; ./millrace up prints the token; on Kubernetes it is in the Secret that the chart's notes name.",
    );
  }
  if (token === 'mr_broken') {
    return problem(
      response,
      503,
      'JournalUnavailable',
      'The catalog’s database does not answer',
      'See whether Postgres runs; this heals by itself when it is back.',
    );
  }
  if (token === 'mr_slow') await new Promise((resolve) => setTimeout(resolve, 60_000));
  const isReadOnly = token === 'mr_cluster';
  response.origin = isReadOnly ? 'kubernetes' : 'catalog';
  if (isReadOnly && !isQuestion(request, url)) {
    return problem(
      response,
      403,
      'ReadOnlyCatalog',
      'nothing can be changed through this catalog: its objects are kept by the Kubernetes cluster',
      'Change them there: kubectl apply, or the Git repository that they come from.',
    );
  }
  const body = await bodyOf(request);
  const path = url.pathname.replace('/api/v1', '');
  for (const [method, pattern, act] of ROUTES) {
    const match = request.method === method && pattern.exec(path);
    if (match)
      return act({
        state,
        response,
        request,
        url,
        body,
        empty: token === 'mr_empty',
        isReadOnly,
        part: match.groups ?? {},
      });
  }
  return problem(response, 404, 'NotFound', `There is no ${path}`);
}

const isQuestion = ({ method }, { pathname, searchParams }) =>
  method === 'GET' || pathname.endsWith('/preview') || searchParams.get('dryRun') === 'true';

const SUB = '^/tenants/(?<tenant>[^/]+)/subscriptions/(?<name>[^/]+)';
const ROUTES = [
  [
    'GET',
    /^\/info$/,
    ({ response, isReadOnly }) => json(response, { version: '0.1.0', readOnly: isReadOnly }),
  ],
  [
    'GET',
    /^\/products$/,
    ({ response, url, empty }) => {
      const words = url.searchParams.get('q') ?? '';
      json(response, {
        items: empty ? [] : f.products.filter((p) => JSON.stringify(p).includes(words)),
      });
    },
  ],
  [
    'GET',
    /^\/tenants\/(?<tenant>[^/]+)\/products\/(?<name>[^/]+)$/,
    ({ response, part }) => {
      const found = f.products.find((p) => p.metadata.name === part.name);
      return found
        ? json(response, found)
        : problem(
            response,
            404,
            'NotFound',
            `There is no product ${part.tenant}/${part.name}`,
            'GET /api/v1/products lists those there are.',
          );
    },
  ],
  [
    'GET',
    /\/events$/,
    ({ response, empty }) => json(response, { items: empty ? [] : f.events(20) }),
  ],
  [
    'POST',
    /\/preview$/,
    ({ response, body }) => {
      const finding = filterFinding(body.filter, '/filter');
      if (finding)
        return problem(response, 422, 'FilterRejected', 'The filter cannot run', undefined, [
          finding,
        ]);
      return json(response, {
        scanned: 2000,
        matched: 12,
        failed: 0,
        from: '2026-11-24T17:00:00Z',
        to: '2026-11-24T19:00:00Z',
        examples: f.events(5).filter((e) => e.value),
      });
    },
  ],
  [
    'GET',
    /^\/subscriptions$/,
    ({ state, response, empty }) =>
      json(response, { items: empty ? [] : [...state.subscriptions.values()].map(objectOf) }),
  ],
  [
    'GET',
    /^\/live$/,
    ({ state, request, response, empty }) =>
      stream(request, response, () =>
        empty ? [] : [...state.subscriptions.values()].map(objectOf),
      ),
  ],
  [
    'GET',
    new RegExp(`${SUB}/live$`),
    ({ state, request, response, part }) =>
      stream(request, response, () => [known(state, part)].filter(Boolean).map(objectOf)),
  ],
  [
    'GET',
    new RegExp(`${SUB}$`),
    ({ state, response, part }) => {
      const found = known(state, part);
      return found ? json(response, objectOf(found)) : noSubscription(response, part);
    },
  ],
  ['PUT', new RegExp(`${SUB}$`), put],
  [
    'DELETE',
    new RegExp(`${SUB}$`),
    ({ state, response, part }) => {
      known(state, part).deleting = true;
      setTimeout(() => state.subscriptions.delete(`${part.tenant}/${part.name}`), 2000);
      response.writeHead(202).end();
    },
  ],
  [
    'GET',
    /\/rows$/,
    ({ response }) => {
      // As text: 2^53 + 1 and a scale are what a number of JavaScript would lose.
      const text = JSON.stringify({ items: f.rows(50) }).replaceAll(
        '"felt":null',
        '"felt":9007199254740993,"fee":137.00',
      );
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
    },
  ],
  [
    'GET',
    /\/dead-letters$/,
    ({ state, part, response, url }) =>
      json(response, { items: url.pathname.includes('strong') ? f.deadLetters : [] }),
  ],
  [
    'POST',
    /\/dead-letters\/\d+\/\d+\/(redrive|discard)$/,
    ({ response, url }) =>
      json(
        response,
        {
          id: 'correction',
          action: url.pathname.endsWith('redrive') ? 'Redrive' : 'Discard',
          actor: 'you',
          at: new Date().toISOString(),
        },
        202,
      ),
  ],
  [
    'GET',
    new RegExp(`${SUB}/explain$`),
    ({ state, response, part }) => json(response, f.explanation(known(state, part))),
  ],
  [
    'GET',
    new RegExp(`${SUB}/journal$`),
    ({ state, response, part, isReadOnly }) =>
      known(state, part)
        ? json(response, { items: isReadOnly ? [] : f.journal })
        : noSubscription(response, part),
  ],
  [
    'GET',
    new RegExp(`${SUB}/credentials$`),
    ({ state, response, part, isReadOnly }) =>
      isReadOnly
        ? problem(
            response,
            409,
            'InSecret',
            `The login is in the Secret ${part.name}-credentials of the namespace ${part.tenant}`,
          )
        : json(
            response,
            f.binding(
              known(state, part).situation.engine,
              undefined,
              state.revealed.has(part.name),
            ),
          ),
  ],
  [
    'POST',
    new RegExp(`${SUB}/credentials/(reveal|rotate)$`),
    ({ state, response, part, url }) => {
      if (url.pathname.endsWith('reveal') && state.revealed.has(part.name))
        return problem(
          response,
          409,
          'AlreadyRevealed',
          'The password was shown already',
          'Rotate it to get a new one.',
        );
      state.revealed.add(part.name);
      return json(
        response,
        f.binding(known(state, part).situation.engine, 'k3T9-not-a-real-one-x7', true),
      );
    },
  ],
  ['GET', /^\/storeclasses$/, ({ response }) => json(response, { items: f.storeClasses })],
  ['GET', /^\/stores$/, ({ response, empty }) => json(response, { items: empty ? [] : f.stores })],
];

const keyText = ({ metadata }) => `${metadata.namespace}/${metadata.name}`;

const known = (state, { tenant, name }) => state.subscriptions.get(`${tenant}/${name}`);

const noSubscription = (response, { tenant, name }) =>
  problem(
    response,
    404,
    'NotFound',
    `There is no subscription ${tenant}/${name}`,
    'GET /api/v1/subscriptions lists those there are.',
  );

function put({ state, response, request, url, body, part, isReadOnly }) {
  const spec = body.spec ?? {};
  const existing = known(state, part);
  if (existing && request.headers['if-none-match'] === '*') {
    return problem(
      response,
      412,
      'VersionMismatch',
      `${part.tenant}/${part.name} is there already`,
      'Choose another name.',
    );
  }
  const findings = [
    filterFinding(spec.filter, '/spec/filter'),
    !isReadOnly && approvalFinding(spec.product, part.tenant),
    spec.access?.for &&
      !/^\d+[smhd]$/.test(spec.access.for) && {
        pointer: '/spec/access/for',
        code: 'InvalidDuration',
        message: `'${spec.access.for}' is no length of time`,
        remedy: 'Write 90d or 24h.',
      },
    part.name.length > 20 && {
      pointer: '/metadata/name',
      code: 'InvalidName',
      message: `'${part.name}' cannot be a name`,
      remedy: 'Use at most 63 small letters, digits and dashes, beginning with a letter.',
    },
    ...(spec.select ?? []).map(
      (s, i) =>
        s.type === 'txt' && {
          pointer: `/spec/select/${i}/type`,
          code: 'UnknownType',
          message: "'txt' is not a column type",
          remedy: "Did you mean 'text'?",
        },
    ),
  ].filter(Boolean);
  if (findings.length)
    return problem(
      response,
      422,
      'SubscriptionInvalid',
      `${findings.length} findings`,
      undefined,
      findings,
    );
  if (url.searchParams.get('dryRun') === 'true') {
    return json(response, {
      resource: f.subscription(part.tenant, part.name, spec),
      statements: `CREATE DATABASE "${part.tenant}_${part.name}";\nCREATE TABLE public.${part.name.replaceAll('-', '_')} (\n  id text PRIMARY KEY,\n  mag double precision,\n  place text\n);\nGRANT SELECT ON public.${part.name.replaceAll('-', '_')} TO reader;`,
    });
  }
  const situation = existing?.situation ?? {
    grows: true,
    total: 120_000,
    engine: 'Postgres',
    relation: `public.${part.name.replaceAll('-', '_')}`,
  };
  const next = { ...part, spec, situation, since: existing?.since ?? Date.now() };
  state.subscriptions.set(`${part.tenant}/${part.name}`, next);
  return json(response, objectOf(next), existing ? 200 : 201);
}

/** Only in a cluster can an owner be asked. */
function approvalFinding(product, tenant) {
  const { metadata, spec } = f.products.find((p) => keyText(p) === product) ?? {};
  return (
    spec?.accessPolicy === 'Approval' &&
    metadata.namespace !== tenant && {
      pointer: '/spec/product',
      code: 'ApprovalRequired',
      message: `the owner of '${product}' approves each access, and nobody did`,
      remedy: `Ask ${spec.owner} to open the product; on Kubernetes a request is made by itself.`,
    }
  );
}

function filterFinding(filter, pointer) {
  const wrong = /\bmagnitude\b/.exec(filter ?? '');
  return (
    wrong && {
      pointer,
      code: 'UnknownField',
      message: `'magnitude' is not a field of the event (line 1, column ${wrong.index})`,
      remedy: 'Did you mean event.properties.mag?',
    }
  );
}

function stream(request, response, objects) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  let before = new Map();
  const tell = () => {
    const now = new Map(objects().map((o) => [keyText(o), o]));
    for (const object of now.values())
      response.write(`event: status\ndata: ${written(response, object)}\n\n`);
    for (const [key, object] of before)
      if (!now.has(key)) response.write(`event: deleted\ndata: ${written(response, object)}\n\n`);
    before = now;
  };
  tell();
  const timer = setInterval(tell, 500);
  request.on('close', () => clearInterval(timer));
}

async function bodyOf(request) {
  let text = '';
  for await (const piece of request) text += piece;
  return text ? parse(text) : {};
}

function json(response, value, status = 200) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(written(response, value));
}

/** With the origin of the scenario. */
function written({ origin }, value) {
  return JSON.stringify(value).replaceAll('"origin":"catalog"', `"origin":"${origin}"`);
}

function problem(response, status, code, detail, remedy, errors) {
  response.writeHead(status, { 'Content-Type': 'application/problem+json' }).end(
    JSON.stringify({
      type: `/docs/conditions/${code}`,
      title: detail,
      status,
      code,
      remedy,
      errors,
    }),
  );
}

async function file(path, response, policy) {
  const asked = normalize(extname(path) ? path : '/index.html');
  try {
    const content = await readFile(join(FILES, asked));
    response
      .writeHead(200, {
        'Content-Type': TYPES[extname(asked)] ?? 'application/octet-stream',
        'Content-Security-Policy': policy,
      })
      .end(content);
  } catch {
    response.writeHead(404).end();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const mock = await startMock({ port: Number(process.argv[2] ?? 8088) });
  console.log(`${mock.address}/#token=mr_demo`);
}
