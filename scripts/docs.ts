// Writes everything that is made from action.yml, the failure codes, the schema of the configuration and the shell of
// servers; with `--check`, names what is out of date.
import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { offered } from '../src/adapters/ssh/algorithms.ts';
import { remedies } from '../src/domain/failure-codes.ts';
import { permissions } from '../src/domain/github/permissions.ts';
import {
  inputTypes,
  readMetadata,
  rootAction,
  withAlgorithms,
  withCodes,
  withPermissions,
  withTables,
} from './action-docs.ts';
import { configurationDocs } from './configuration-docs.ts';
import { serverPrograms } from './server-programs.ts';

/** A file of the repository and what should stand in it. */
interface Page {
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '..');
const actions = ['deploy', 'rollback', 'secrets-fetch'] as const;

const stale: Page[] = [];
for (const page of await pages()) if ((await text(page.path)) !== page.text) stale.push(page);
if (process.argv.includes('--check')) report();
else await write();

async function pages(): Promise<readonly Page[]> {
  const metadata = await Promise.all(
    actions.map(async (action) => {
      const path = `actions/${action}/action.yml`;
      return [action, readMetadata(path, await text(path))] as const;
    }),
  );
  const readmes = metadata.map(([action, facts]) => ({ path: `actions/${action}/README.md`, facts }));
  const front = metadata.filter(([action]) => action === 'deploy').map(([, facts]) => ({ path: 'README.md', facts }));
  return [
    { path: 'action.yml', text: rootAction(await text('actions/deploy/action.yml')) },
    { path: 'src/generated/inputs.ts', text: inputTypes(metadata) },
    { path: 'src/generated/programs.ts', text: serverPrograms(await shellFiles()) },
    ...(await Promise.all(
      [...front, ...readmes].map(async ({ path, facts }) => ({ path, text: withTables(await text(path), facts) })),
    )),
    {
      path: 'docs/troubleshooting.md',
      text: withAlgorithms(withCodes(await text('docs/troubleshooting.md'), remedies), offered),
    },
    { path: 'docs/permissions.md', text: withPermissions(await text('docs/permissions.md'), permissions) },
    ...configurationDocs(),
  ];
}

async function shellFiles(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const paths = globSync('src/domain/**/*.sh', { cwd: root });
  return Promise.all(paths.map(async (path) => ({ path, text: await text(path) })));
}

/** The text of a file of the repository; empty where there is none yet. */
async function text(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
}

function report(): void {
  for (const { path } of stale)
    console.error(`${path} is out of date: run \`npm run docs\` and commit what it writes.`);
  if (stale.length > 0) process.exitCode = 1;
}

async function write(): Promise<void> {
  for (const page of stale) {
    await mkdir(dirname(join(root, page.path)), { recursive: true });
    await writeFile(join(root, page.path), page.text);
  }
  console.log(
    stale.length === 0 ? 'Everything was up to date.' : `Written: ${stale.map(({ path }) => path).join(', ')}`,
  );
}
