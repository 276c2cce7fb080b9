// What a platform with the demo's data would answer, in small. For looking at pages while working on
// them; the journey against the real platform is a test of the module standalone.

const T0 = '2026-11-24T18:00:00Z';
const iso = (seconds) => new Date(Date.parse(T0) + seconds * 1000).toISOString();

export const products = [
  {
    apiVersion: 'millrace.dev/v1alpha1',
    kind: 'DataProduct',
    metadata: {
      name: 'earthquakes',
      namespace: 'usgs',
      uid: 'p-1',
      generation: 1,
      origin: 'catalog',
    },
    spec: {
      description:
        'Earthquakes of one week as the USGS reports them, corrected as they are reviewed.',
      owner: 'seismology@example.com',
      key: 'id',
      tags: ['geo', 'nested', 'demo'],
      classifications: { 'properties.place': 'Internal', 'properties.url': 'Public' },
      schema: {
        type: 'object',
        required: ['id', 'properties'],
        properties: {
          id: { type: 'string', description: 'The event’s id at USGS.' },
          properties: {
            type: 'object',
            required: ['mag'],
            properties: {
              mag: { type: 'number', description: 'Magnitude.' },
              place: {
                type: ['string', 'null'],
                description: 'Distance and direction from the nearest place.',
              },
              time: { type: 'integer', description: 'Milliseconds since 1970.' },
              felt: { type: ['integer', 'null'], description: 'How many people reported it.' },
              tsunami: { type: 'integer' },
              url: { type: 'string' },
            },
          },
          geometry: {
            type: 'object',
            properties: {
              type: { type: 'string' },
              coordinates: {
                type: 'array',
                items: { type: 'number' },
                description: 'Longitude, latitude, depth in km.',
              },
            },
          },
        },
      },
    },
    status: { topic: 'usgs.earthquakes', partitions: 4, events: 1707, schemaVersion: '1.0' },
  },
  {
    apiVersion: 'millrace.dev/v1alpha1',
    kind: 'DataProduct',
    metadata: { name: 'flights', namespace: 'bts', uid: 'p-2', generation: 1, origin: 'catalog' },
    spec: {
      description: 'Three million US flights of 2001: date, delay, distance, origin, destination.',
      owner: 'mobility@example.com',
      key: 'id',
      insertOnly: true,
      tags: ['transport', 'demo'],
      schema: {
        type: 'object',
        required: ['id'],
        properties: {
          id: { type: 'integer' },
          date: { type: 'string', format: 'date-time' },
          delay: { type: 'integer', description: 'Minutes late.' },
          distance: { type: 'integer' },
          origin: { type: 'string' },
          destination: { type: 'string' },
        },
      },
    },
    status: { topic: 'bts.flights', partitions: 4, events: 3_000_000, schemaVersion: '1.0' },
  },
  {
    apiVersion: 'millrace.dev/v1alpha1',
    kind: 'DataProduct',
    metadata: {
      name: 'customers',
      namespace: 'sales',
      uid: 'p-3',
      generation: 1,
      origin: 'catalog',
    },
    spec: {
      description: 'Who buys, and from where. Its owner decides who gets it.',
      owner: 'sales@example.com',
      accessPolicy: 'Approval',
      classifications: { email: 'Personal' },
      key: 'customerId',
      schema: {
        type: 'object',
        required: ['customerId'],
        properties: {
          customerId: { type: 'string' },
          country: { type: 'string' },
          email: { type: 'string' },
        },
      },
    },
    status: { topic: 'sales.customers', partitions: 4, events: 48_211, schemaVersion: '1.0' },
  },
];

export function events(limit) {
  const now = Math.floor(Date.now() / 2000);
  return Array.from({ length: limit }, (_, i) => ({
    partition: (now - i) % 4,
    offset: 420 + now - i - 890_000_000,
    time: new Date((now - i) * 2000).toISOString(),
    key: `us1000${now - i - 890_000_000}`,
    value:
      i === 3
        ? null
        : {
            id: `us1000${now - i - 890_000_000}`,
            properties: {
              mag: 4.1 + (i % 5) / 2,
              place: `${10 + i}km SSW of Ferndale, California`,
              time: 1517000000000 + i * 60000,
              felt: null,
              tsunami: 0,
            },
            geometry: { type: 'Point', coordinates: [-124.2, 40.5, 10.1 + i] },
          },
  }));
}

export const storeClasses = [
  {
    metadata: { name: 'postgres-embedded' },
    spec: {
      description: 'A Postgres database of its own, on the server in this process',
      engine: 'Postgres',
      provider: 'Embedded',
      server: 'localhost:41001',
    },
  },
  {
    metadata: { name: 'redis-embedded' },
    spec: {
      description: 'Redis keys under a prefix of their own, on the server in this process',
      engine: 'Redis',
      provider: 'Embedded',
      server: 'localhost:41002',
    },
  },
  {
    metadata: { name: 'external' },
    spec: {
      description: 'A server you bring: declare it as a Store with its connection',
      provider: 'External',
    },
  },
];

export const stores = [
  {
    metadata: { name: 'strong-quakes', namespace: 'usgs', generation: 1 },
    spec: { class: 'postgres-embedded', reclaimPolicy: 'Delete' },
    status: {
      engine: 'Postgres',
      host: 'localhost',
      port: 41001,
      database: 'usgs_strong_quakes',
      subscriptions: ['usgs/strong-quakes'],
    },
  },
  {
    metadata: { name: 'quake-cache', namespace: 'usgs', generation: 1 },
    spec: { class: 'redis-embedded' },
    status: {
      engine: 'Redis',
      host: 'localhost',
      port: 41002,
      database: '0',
      subscriptions: ['usgs/quake-cache'],
    },
  },
];

const condition = (type, status, reason, message) => ({
  type,
  status,
  reason,
  message,
  observedGeneration: 1,
  lastTransitionTime: iso(120),
});

export function conditions({ ready = true, trouble } = {}) {
  return [
    condition(
      'Ready',
      ready ? 'True' : 'False',
      ready ? 'HistoryProven' : 'Preloading',
      ready
        ? 'All history up to the cutover was seen in the store, flushed, on a fresh connection.'
        : 'History is being loaded.',
    ),
    condition('Approved', 'True', 'PolicyOpen', 'The product is open to every tenant.'),
    condition(
      'SchemaCompatible',
      'True',
      'SchemaMatches',
      'Every selected field is in the product’s schema.',
    ),
    condition(
      'Provisioned',
      'True',
      'StoreReady',
      'Table or keys, reader and cursors are in the store.',
    ),
    condition(
      'CredentialsReady',
      'True',
      'ReaderKept',
      'The reader’s login is kept and can be revealed once.',
    ),
    condition(
      'Preloaded',
      ready ? 'True' : 'False',
      ready ? 'CutoverReached' : 'Loading',
      ready
        ? 'Every partition has passed its cutover offset.'
        : 'History up to the cutover offsets is being applied.',
    ),
    condition(
      'CaughtUp',
      ready ? 'True' : 'False',
      ready ? 'AtLogEnd' : 'Behind',
      ready ? 'The store keeps up with the log.' : '1,900,412 events behind the log’s end.',
    ),
    trouble
      ? condition('Degraded', 'True', trouble[0], trouble[1])
      : condition('Degraded', 'False', 'AsExpected', 'Nothing is wrong.'),
  ];
}

export function partitions(subscription, total, done, dead = 0) {
  return [0, 1, 2, 3].map((partition) => {
    const read = Math.floor((done * total) / 4);
    const filtered = Math.floor(read * 0.7);
    const deadLettered = partition === 1 ? dead : 0;
    return {
      subscription,
      partition,
      definition: 1,
      worker: 'worker-1',
      phase: done < 1 ? 'Preloading' : 'Live',
      position: read,
      flushed: read,
      endOffset: Math.floor(total / 4),
      counts: { read, applied: read - filtered - deadLettered, filtered, deadLettered, skipped: 0 },
      consumed: read,
      lastEventTime: iso(300 + partition),
      at: iso(301),
    };
  });
}

export function subscription(tenant, name, spec, status) {
  return {
    apiVersion: 'millrace.dev/v1alpha1',
    kind: 'DataSubscription',
    metadata: {
      name,
      namespace: tenant,
      uid: `s-${name}`,
      generation: 1,
      origin: 'catalog',
      creationTimestamp: iso(0),
    },
    spec,
    status,
  };
}

export function statusOf(
  { phase, done, total, engine, relation, rate = 0, dead = 0, ready, trouble },
  key,
) {
  const reports = partitions(key, total, done, dead);
  const counts = reports.reduce(
    (sum, { counts: one }) =>
      Object.fromEntries(Object.keys(one).map((k) => [k, (sum[k] ?? 0) + one[k]])),
    {},
  );
  const behind = total - counts.read;
  return {
    phase,
    observedGeneration: 1,
    conditions: conditions({ ready: ready ?? done >= 1, trouble }),
    store: {
      name: key.split('/')[1],
      engine,
      address: engine === 'Postgres' ? 'localhost:41001' : 'localhost:41002',
      relation,
    },
    progress: {
      percent: Math.min(100, done * 100),
      ...(done < 1 && rate ? { etaSeconds: Math.round(behind / rate) } : {}),
      eventsPerSecond: rate,
      lagEvents: behind < 4 ? 0 : behind,
      lagSeconds: behind < 4 ? 0 : 4.2,
      counts,
    },
    partitions: reports,
  };
}

export function rows(limit) {
  const now = Math.floor(Date.now() / 1500);
  return Array.from({ length: limit }, (_, i) => ({
    id: `us1000${now - i - 1_196_000_000}`,
    mag: 4.5 + ((now - i) % 20) / 10,
    place: `${(now - i) % 90}km SSW of Ferndale, California`,
    at: new Date((now - i) * 60000).toISOString(),
    felt: (now - i) % 3 ? null : (now - i) % 100,
    coordinates: [-124.2, 40.5, 10.1],
  }));
}

export function explanation({ spec, situation }) {
  const measured = situation.phase === 'Live' || situation.phase === 'Preloading';
  const sentence = measured
    ? 'Limited by the store: 82 % of the time the worker waits for it.'
    : `It is ${situation.phase.toLowerCase()}: nothing is read or written.`;
  return {
    sentence: measured ? sentence : `Nothing is measured. ${sentence}`,
    definition: 1,
    state: spec.state ?? 'Running',
    fields: [
      { field: 'id', uses: ['key', 'column id'] },
      { field: 'properties.mag', uses: ['filter', 'column mag'] },
      { field: 'properties.place', uses: ['column place'] },
    ],
    expressions: spec.filter
      ? [{ of: 'filter', expression: spec.filter, compiled: true }]
      : [
          {
            of: 'column far',
            expression: 'event.geometry.coordinates.exists(c, c > 100.0)',
            compiled: false,
            why: 'a loop over a list (exists, all, exists_one, map, filter) is not compiled',
          },
        ],
    deletesWhatLeaves: Boolean(spec.filter),
    engine: situation.engine,
    mode: 'Upsert',
    ways: [
      {
        name: 'Statement',
        meaning: 'few and short rows (up to 500), the deletions and the cursor in one statement',
      },
      { name: 'Copy', meaning: 'more or longer rows by binary COPY straight into the table' },
    ],
    measured: measured
      ? [
          {
            worker: 'worker-4711',
            seconds: 9.4,
            partitions: [0, 1, 2, 3].map((partition) => ({
              partition,
              sharedWith: 2,
              catchingUp: partition === 3,
            })),
            time: {
              reading: 0.02,
              filtering: 0.11,
              encoding: 0.05,
              store: 0.82,
              turn: 0,
              idle: 0,
            },
            writing: 0.98,
            events: 1_690_000,
            batches: 169,
            eventsInBatch: { now: 9_210, median: 10_000, largest: 10_000 },
            changesInBatch: { now: 9_210, median: 10_000, largest: 10_000 },
            ways: { Statement: 3, Copy: 166 },
            limitedBy: 'Store',
            sentence,
          },
        ]
      : [],
    unmeasured: measured ? [] : [{ partitions: [0, 1, 2, 3], message: sentence }],
  };
}

export const deadLetters = [
  {
    partition: 1,
    offset: 211,
    code: 'TypeMisfit',
    field: 'properties.felt',
    message: '“many” does not go into integer',
    excerpt: '{"id":"us10…","properties":{"felt":"ma…',
    at: iso(240),
  },
  {
    partition: 1,
    offset: 388,
    code: 'KeyMissing',
    field: 'id',
    message: 'the record has no key',
    excerpt: '{"properties":{"mag":4.6}}',
    at: iso(260),
  },
];

export const journal = [
  { position: 12, type: 'SubscriptionRequested', actor: 'admin', at: iso(1) },
  { position: 15, type: 'CredentialsRevealed', actor: 'admin', at: iso(200) },
  { position: 19, type: 'SubscriptionChanged', actor: 'admin', at: iso(300) },
];

export function binding(engine, password, revealed) {
  return engine === 'Redis'
    ? {
        type: 'redis',
        host: 'localhost',
        port: 41002,
        database: '0',
        username: 'usgs_quake_cache_reader',
        ...(password && { password }),
        uri: 'redis://usgs_quake_cache_reader@localhost:41002/0',
        relation: 'quake:*',
        revealed,
      }
    : {
        type: 'postgresql',
        host: 'localhost',
        port: 41001,
        database: 'usgs_strong_quakes',
        username: 'usgs_strong_quakes_reader',
        ...(password && { password }),
        uri: 'postgresql://usgs_strong_quakes_reader@localhost:41001/usgs_strong_quakes',
        'jdbc-url': 'jdbc:postgresql://localhost:41001/usgs_strong_quakes',
        relation: 'public.strong_quakes',
        revealed,
      };
}
