// What Maven runs: `node build/build.mjs [install|bundle]`. Each step is skipped when what it is made
// from has not changed, so that an unchanged module costs no seconds and needs no network.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MODULE = dirname(dirname(fileURLToPath(import.meta.url)));
const CONTRACT = join('..', 'openapi.yaml');
const OLDEST_NODE = 20;

const STEPS = {
  install: {
    from: ['package.json', 'package-lock.json', '.npmrc'],
    // Inside what it vouches for: whoever removes node_modules removes it too.
    stamp: 'node_modules/.millrace-stamp',
    result: 'node_modules',
    run: () => npm('ci'),
  },
  bundle: {
    from: [
      'package-lock.json',
      'index.html',
      'vite.config.ts',
      'tsconfig.json',
      'public',
      'src',
      CONTRACT,
    ],
    stamp: 'target/bundle.stamp',
    result: 'target/classes/META-INF/resources/index.html',
    run: () => npm('run', 'build'),
  },
};

process.chdir(MODULE);
if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
  fail(`The UI is built with Node ${OLDEST_NODE} or newer; this is ${process.version}.`);
}
const step = STEPS[process.argv[2]];
if (!step) fail(`Usage: node build/build.mjs ${Object.keys(STEPS).join('|')}`);
const wanted = process.version.split('.')[0] + ' ' + fingerprint(step.from);
if (!existsSync(step.result) || stamped(step.stamp) !== wanted) {
  step.run();
  mkdirSync(dirname(step.stamp), { recursive: true });
  writeFileSync(step.stamp, wanted);
}

function stamped(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function npm(...words) {
  const { status, error } = spawnSync('npm', words, { stdio: 'inherit' });
  if (error) fail(`npm could not be started (${error.message}): it comes with Node.`);
  if (status !== 0) fail(`npm ${words.join(' ')} failed: see above.`);
}

/** Of names and contents, in a fixed order; what the build itself writes is left out. */
function fingerprint(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesIn).filter((name) => !name.endsWith('schema.d.ts'))) {
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!existsSync(path)) fail(`${join(MODULE, path)} is missing.`);
  try {
    return readdirSync(path)
      .sort()
      .flatMap((name) => filesIn(join(path, name)));
  } catch (error) {
    if (error.code === 'ENOTDIR') return [path];
    throw error;
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
