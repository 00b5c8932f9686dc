import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Makes a fresh clone ready for `npm test` and `npm run demo`: installs the packages where they are missing or older than the lockfile.
 * Plain JavaScript without packages, for any Node from 20 on: it runs before there is a Node 24, which comes as one of the packages.
 */
const root = join(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');

if (changed('package-lock.json') > changed(join('node_modules', '.package-lock.json'))) install();
requireNode24();

/** When a file was last written, in milliseconds since 1970; 0 where there is none. */
function changed(path) {
  return statSync(join(root, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function install() {
  console.log('Installing the packages of package-lock.json into node_modules/ (npm ci --ignore-scripts) …');
  const words = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { npm_execpath: npm } = process.env;
  const [program, ...rest] = npm?.endsWith('.js') ? [process.execPath, npm, ...words] : ['npm', ...words];
  const { status, error } = spawnSync(program, rest, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (error === undefined && status === 0) return;
  console.error(
    `The packages could not be installed${error === undefined ? '' : ` (${error.message})`}; npm said why above.`,
  );
  process.exit(1);
}

/** npm puts `node_modules/.bin` first, so the scripts run on the Node that is found there, if there is one. */
function requireNode24() {
  const PATH = [bin, process.env.PATH].join(delimiter);
  const { stdout } = spawnSync('node', ['--version'], { env: { ...process.env, PATH }, encoding: 'utf8' });
  if (Number(/^v(\d+)/.exec(stdout ?? '')?.[1]) >= 24) return;
  console.error(
    `Slipway needs Node 24: this is ${process.version} on ${process.platform}-${process.arch}, and the Node 24 among the packages is for linux-x64 with glibc only.`,
  );
  process.exit(1);
}
