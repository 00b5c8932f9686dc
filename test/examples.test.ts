import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import type { ActionMetadata, ActionReference } from '@actions/languageservice/action';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readYaml } from '../src/adapters/yaml.ts';
import { readConfiguration } from '../src/domain/config/reading/configuration.ts';

/**
 * What people copy is checked by GitHub's own language service, against our own metadata and the real reader of the
 * configuration.
 */

const root = join(import.meta.dirname, '..');
const ours = /^OWNER\/slipway(\/actions\/[a-z-]+)?$/;

// The language service imports JSON as bundlers allow it; Node wants it said in the import.
const hooks = registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.endsWith('.json')) return next(specifier, context);
    return {
      ...next(specifier, { ...context, importAttributes: { type: 'json' } }),
      importAttributes: { type: 'json' },
    };
  },
});

let service: typeof import('@actions/languageservice');

beforeAll(async () => {
  service = await import('@actions/languageservice');
});

afterAll(() => hooks.deregister());

/** `path:line: message` for each thing that the language service finds wrong. */
async function complaints(path: string, text: string): Promise<string[]> {
  // Its cache goes by the address, and it reads nothing else of a document.
  const document = { uri: `file:///${randomUUID()}/${path}`, getText: () => text } as Parameters<
    typeof service.validate
  >[0];
  const found = await service.validate(document, { actionsMetadataProvider: { fetchActionMetadata } });
  return found.map(({ range, message }) => `${path}:${range.start.line + 1}: ${message}`);
}

/** Our own actions by their metadata; of others we only know that they exist. */
async function fetchActionMetadata(action: ActionReference): Promise<ActionMetadata> {
  if (!ours.test(identity(action))) return { name: identity(action), description: '' };
  return parse(await readFile(join(root, action.path ?? '', 'action.yml'), 'utf8'));
}

function identity(action: ActionReference): string {
  return [action.owner, action.name, ...(action.path ? [action.path] : [])].join('/');
}

/** A block of a page as the reader sees it; what is only a part of a file is put into the smallest whole one. */
function readBlock(page: string, block: string) {
  const smallest =
    'application: shop\ndeploy_to: /srv/shop\nstages:\n  production:\n    servers: [{host: web1.example.com, user: deploy, roles: [web, db]}]\n';
  const whole = /^application:/m.test(block) ? block : smallest + block;
  return readConfiguration(readYaml(page, whole), undefined);
}

async function yamlBlocks(page: string): Promise<string[]> {
  const text = await readFile(join(root, page), 'utf8');
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].flatMap((match) => match[1] ?? []);
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': boolean };
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, string>>;
  }[];
}

const workflows = ['deploy.yml', 'deploy-on-tag.yml'];

async function example(name: string): Promise<{ text: string; workflow: Workflow }> {
  const text = await readFile(join(root, 'examples', name), 'utf8');
  return { text, workflow: parse(text) };
}

describe.each(workflows)('the example %s', (name) => {
  it('is a valid workflow, and gives our actions only inputs that they have', async () => {
    const { text } = await example(name);
    expect(await complaints(`.github/workflows/${name}`, text)).toEqual([]);
  });

  it('gives no permission to the workflow as a whole and says for each job what it needs', async () => {
    const { workflow } = await example(name);
    expect(workflow.permissions).toEqual({});
    for (const job of Object.values(workflow.jobs)) expect(job.permissions).toMatchObject({ contents: 'read' });
  });

  it('pins every action by its commit, with the version beside it', async () => {
    const { text, workflow } = await example(name);
    const used = Object.values(workflow.jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));
    for (const uses of used) expect(uses).toMatch(/@[0-9a-f]{40}$/);
    for (const line of text.split('\n').filter((line) => line.includes('uses:'))) expect(line).toMatch(/ # v\d/);
  });

  it('deploys in an environment, one run of a stage at a time, and never cancels one for the next', async () => {
    const { workflow } = await example(name);
    const jobs = Object.values(workflow.jobs).filter((job) =>
      job.steps.some((step) => step.uses?.startsWith('OWNER/')),
    );
    expect(jobs).not.toEqual([]);
    for (const job of jobs) {
      expect(job.concurrency).toEqual({ group: `deploy-${job.environment}`, 'cancel-in-progress': false });
      expect(job.steps.some((step) => step.run !== undefined)).toBe(false);
    }
  });

  it('hands the secret to nothing but our own step', async () => {
    const { workflow } = await example(name);
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
    const others = steps.filter((step) => !step.uses?.startsWith('OWNER/'));
    expect(JSON.stringify(others)).not.toContain('secrets.');
    for (const step of steps) expect(step.run ?? '').not.toContain('${{');
  });
});

it('every example is one of those that are checked', async () => {
  expect((await readdir(join(root, 'examples'))).toSorted()).toEqual([...workflows, 'slipway.yml'].toSorted());
});

describe.each(['README.md', 'docs/from-capistrano.md', 'docs/security.md', 'actions/deploy/README.md'])(
  'the page %s',
  (page) => {
    it('shows valid workflows', async () => {
      const blocks = await yamlBlocks(page);
      for (const workflow of blocks.filter((block) => /^jobs:/m.test(block))) {
        const whole = /^on:/m.test(workflow) ? workflow : `on: push\n${workflow}`;
        expect(await complaints('.github/workflows/shown.yml', whole)).toEqual([]);
      }
    });

    it('shows configurations that the reader takes', async () => {
      const blocks = (await yamlBlocks(page)).filter((block) => !/^jobs:/m.test(block));
      for (const block of blocks) expect(readBlock(page, block).application).toBe('shop');
    });
  },
);

it.each([
  ['staging', ['staging.example.com']],
  ['production', ['web1.example.com', 'web2.example.com', 'worker1.example.com', 'db1.example.com']],
])('the example slipway.yml has a stage %s', async (stage, servers) => {
  const { text } = await example('slipway.yml');
  const settings = readConfiguration(readYaml('examples/slipway.yml', text), stage);
  expect(settings.environment).toBe(stage);
  expect(settings.servers.map((server) => server.name)).toEqual(servers);
});

it('each action.yml is valid', async () => {
  const folders = await readdir(join(root, 'actions'));
  for (const path of ['action.yml', ...folders.map((folder) => `actions/${folder}/action.yml`)])
    expect(await complaints(path, await readFile(join(root, path), 'utf8'))).toEqual([]);
});

it('the language service would have complained', async () => {
  const { text } = await example('deploy.yml');
  const wrong = text.replace('ssh-private-key:', 'ssh-privat-key:');
  expect(await complaints('.github/workflows/deploy.yml', wrong)).toEqual([
    expect.stringContaining("Invalid action input 'ssh-privat-key'"),
  ]);
  const old = (await readFile(join(root, 'action.yml'), 'utf8')).replace('node24', 'node23');
  expect(await complaints('action.yml', old)).toEqual([expect.stringContaining('node23')]);
});
