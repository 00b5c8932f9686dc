import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { contents, expectInnocent, keyLines, marker, marks } from '../rig/innocence.ts';
import { type JobResult, runJob } from '../rig/job.ts';
import { suite } from '../rig/part.ts';
import { makeProject, type Project, serversOf } from '../rig/project.ts';
import { missing, startServers, type TestServer, type TestServers } from '../rig/sshd.ts';
import { jobToken } from '../rig/usual-job.ts';

/** Text that would do something somewhere if anybody believed it. */
const poison = [
  `--output=${marker}`,
  `$(touch ${marker})`,
  `\`touch ${marker}\``,
  `; touch ${marker} #`,
  '::set-output name=result::deployed',
  '::add-mask::e',
  '\r::stop-commands::x',
  '##[error]mine',
  '%0A::error::mine',
  '\u202e\u200b::error::mine',
  '@octo <img src=x onerror=alert(1)> [link](javascript:1) | `x` #1',
].join('\n');

const nobody = 65_534;
const root = userInfo().uid === 0;

const owner = {
  version: 1,
  token: 'ab'.repeat(16),
  repository: 'acme/other',
  run: '7',
  attempt: 1,
  job: 'deploy',
  actor: 'octo',
  action: 'deploy',
  stage: 'test',
  at: '2026-11-21T10:00:00Z',
  lease: 600,
  group: '0',
  started: '0',
};

const strangeLines = [
  '{"__proto__":{"release":"20990101000000","event":"healthy"}}',
  '{"constructor":{"prototype":{"release":"x"}},"release":"20260101000000","event":"__proto__"}',
  JSON.stringify({ release: poison, event: poison, by: poison }),
  JSON.stringify({ release: '20260101000000', event: 'failed', by: poison, run: poison, revision: poison, at: poison }),
  '[]',
  'null',
  '1e999',
  '"',
  '\0',
  '{"release":20260101000000}',
  '',
];

const forgedFrames = `for t in '' 0 00000000000000000000000000000000 token; do printf '\\n\\036%s end 0 0\\n\\n\\036%s text current\\nnone\\n\\036%s close\\n\\n\\036%s done 0\\n' "$t" "$t" "$t" "$t"; done`;

/** In place of \`sh\`: reads the token out of the program, and has no end of frames and facts. */
const flood = `n=\${2#*count=}; n=\${n%% *}
t=$(dd bs=1 count="$n" 2>/dev/null | sed -n '1s/^_t=//p')
if [ -z "$t" ]; then n=$(dd bs=1 count=8 2>/dev/null); t=$(dd bs=1 count="\${n##*x}" 2>/dev/null | sed -n '1s/^_t=//p'); fi
i=0
while [ "$i" -lt 150 ]; do i=$((i + 1)); printf '\\n\\036%s text k%s\\n' "$t" "$i"; head -c 1000000 /dev/zero | tr '\\0' x; printf '\\n\\036%s close\\n' "$t"; done
printf '\\n\\036%s ' "$t"; head -c 60000000 /dev/zero | tr '\\0' x
printf '\\n\\036%s end 0 0\\n' "$t" "$t" "$t"
exit 0`;

const tolerated: Lie[] = [
  { about: 'its REVISION', tell: (tree) => writeFileSync(join(tree.live, 'REVISION'), `--output=${marker}`) },
  {
    about: 'its REVISION, in 10 MB',
    tell: (tree) => writeFileSync(join(tree.live, 'REVISION'), poison.repeat(40_000)),
  },
  {
    about: 'its REVISION, which is a link to a key',
    tell: (tree) =>
      replace(join(tree.live, 'REVISION'), () =>
        symlinkSync(join(fleet.folder, 'client'), join(tree.live, 'REVISION')),
      ),
  },
  {
    about: 'a line of its ledger, 10 MB long',
    tell: (tree) => appendFileSync(tree.ledger, `{"release":"${'9'.repeat(10_000_000)}"}\n`),
  },
  { about: 'what is not in its ledger', tell: (tree) => appendFileSync(tree.ledger, strangeLines.join('\n')) },
  {
    about: 'the manifest of its live release',
    tell: (tree) =>
      writeFileSync(
        tree.manifest,
        JSON.stringify({
          release: poison,
          revision: poison,
          by: poison,
          runNumber: 1e308,
          ['__proto__']: { release: '1' },
        }),
      ),
  },
  { about: 'its manifest, in a million brackets', tell: (tree) => writeFileSync(tree.manifest, '['.repeat(1_000_000)) },
  {
    about: 'its manifest, with numbers that no run has',
    tell: (tree) =>
      change(tree.manifest, {
        runNumber: 1e308,
        attempt: -1,
        run: '9'.repeat(400),
        workflow: poison,
        repository: '../..',
        previous: '__proto__',
      }),
  },
  {
    about: 'its revisions.log',
    tell: (tree) =>
      writeFileSync(
        join(tree.path, 'revisions.log'),
        `${poison}\nBranch x (at y) deployed as release 20990101000000 by ${poison}\n`.repeat(10_000),
      ),
  },
  { about: 'names in releases/', tell: (tree) => strangeNames(join(tree.path, 'releases')) },
  {
    about: 'names in incoming/ and failed/',
    tell: (tree) => ['incoming', 'failed'].map((name) => strangeNames(join(tree.path, '.slipway', name))),
  },
  {
    about: 'its disk, in 10 MB',
    tell: (tree) => program(tree, 'df', 'yes "9 9 9 9 9" | head -c 10000000 | tr "\\n" " "'),
  },
  {
    about: 'its disk, in numbers without end',
    tell: (tree) => program(tree, 'df', 'printf "x %09999d %09999d %09999d 1%% /\\n" 9 9 9'),
  },
  {
    about: 'its user',
    tell: (tree) =>
      program(tree, 'id', `case $* in -un) printf %s ${quoted(poison)};; *) exec /usr/bin/id "$@";; esac`),
  },
  {
    about: 'what it has live, as frames of a guessed token that a hook prints',
    tell: (tree) => writeFileSync(join(tree.home, 'forge'), ''),
  },
  {
    about: 'what a program says, before the program begins',
    tell: (tree) =>
      ['.bashrc', '.profile'].map((name) =>
        writeFileSync(
          join(tree.home, name),
          `${forgedFrames}\nprintf '%s\\n' ${quoted(poison)}\nprintf '%s\\n' ${quoted(poison)} >&2\n`,
        ),
      ),
  },
  { about: 'the place of incoming/', tell: (tree) => link(join(tree.path, '.slipway/incoming'), precious) },
  { about: 'the place of failed/', tell: (tree) => link(join(tree.path, '.slipway/failed'), precious) },
  {
    about: 'the place of an old release',
    tell: (tree) => symlinkSync(precious, join(tree.path, 'releases/20200101000000')),
  },
  {
    about: 'places that only look like our own',
    tell: (tree) =>
      ['switch.x', 'gone.x', 'broken.x', 'incoming/20200101000000'].map((name) =>
        symlinkSync(precious, join(tree.path, '.slipway', name)),
      ),
  },
  {
    about: 'what other servers are called',
    tell: (tree) => appendFileSync(tree.ledger, standing(['s1', 'ghost', poison, '__proto__'])),
  },
];

let fleet: TestServers;
let project: Project;
/** One that tells the truth, and one that lies in turn. */
let honest: TestServer;
let liar: TestServer;
let folder: string;
let precious: string;

suite('a server that lies', missing(), () => {
  let together: JobResult;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-lies-'));
    precious = join(folder, 'precious');
    mkdirSync(join(precious, 'lock'), { recursive: true });
    for (const name of ['a', 'b', 'c', 'd', 'e']) writeFileSync(join(precious, name), name);
    fleet = await startServers({ count: tolerated.length + 1 });
    [honest, liar] = fleet.servers as [TestServer, TestServer];
    await Promise.all(fleet.servers.map(withOwnPrograms));
    project = makeProject();
    configure();
    const commits = ['one', 'two'].map((text) => project.commit({ 'index.html': text }));
    for (const revision of commits) expect(await deploy({ revision, stage: 'all' })).toMatchObject({ exitCode: 0 });
    project.commit({ 'index.html': 'three\n' });
    for (const server of [honest, liar])
      cpSync(server.root, `${server.home}/good`, { recursive: true, verbatimSymlinks: true });
    for (const [index, { tell }] of tolerated.entries()) tell(treeOf(fleet.servers[index + 1] as TestServer));
    together = await deploy({ revision: 'main', stage: 'all' });
    restore();
  }, 120_000);

  afterEach(restore);

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    project[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each(tolerated.map((lie, index) => ({ ...lie, server: `s${index + 2}` })))(
    'about $about changes nothing',
    ({ server }) => {
      expect(JSON.parse(together.outputs['hosts'] ?? '{}')).toMatchObject({
        [server]: { state: 'healthy', failures: [] },
      });
    },
  );

  test('about anything makes the runner do nothing and moves no other server', () => {
    expect(together).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(together.log).not.toContain('reconcile');
    expectHarmless(together);
    expect(contents(precious)).toEqual(untouched());
  });

  const refused: Refusal[] = [
    {
      about: 'a date far ahead',
      code: 'CLOCK_AHEAD',
      tell: (tree) => mkdirSync(join(tree.path, 'releases/20991231235959')),
    },
    {
      about: 'a date that is none',
      code: 'CLOCK_AHEAD',
      tell: (tree) => mkdirSync(join(tree.path, 'releases/99999999999999')),
    },
    {
      about: 'a clock that tells no time',
      code: 'STEP_FAILED',
      tell: (tree) =>
        program(tree, 'date', 'case $* in +%s) echo "1e999 ::error::mine";; *) exec /bin/date "$@";; esac'),
    },
    {
      about: 'a hold that cannot be read',
      code: 'REVISION_HELD',
      tell: (tree) => writeFileSync(join(tree.path, '.slipway/hold.json'), poison),
    },
    {
      about: 'a hold of more than anybody holds',
      code: 'REVISION_HELD',
      tell: (tree) =>
        writeFileSync(
          join(tree.path, '.slipway/hold.json'),
          JSON.stringify({ revisions: new Array(200_000).fill('a'.repeat(40)) }),
        ),
    },
    { about: 'a lock of nobody', code: 'LOCK_HELD', tell: (tree) => writeLock(tree, poison) },
    {
      about: 'a lock of somebody with strange names',
      code: 'LOCK_HELD',
      tell: (tree) =>
        writeLock(
          tree,
          JSON.stringify({
            ...owner,
            actor: poison,
            repository: poison,
            at: poison,
            job: poison,
            stage: poison,
            action: poison,
          }),
        ),
    },
    {
      about: 'a lock that is a link to a directory',
      code: 'LOCK_HELD',
      tell: (tree) => symlinkSync(precious, join(tree.path, '.slipway/lock')),
    },
    {
      about: 'a dead lock, again and again',
      code: 'LOCK_HELD',
      tell: (tree) => {
        const lock = join(tree.path, '.slipway/lock');
        writeFileSync(join(tree.path, 'old'), `${JSON.stringify({ ...owner, lease: 1 })}\n`);
        program(
          tree,
          'mv',
          `case $1 in */lock.*) mkdir -p ${lock}; cp ${tree.path}/old ${lock}/owner.json; touch -d @0 ${lock}/owner.json;; esac\nexec /bin/mv "$@"`,
        );
      },
    },
    {
      about: '.slipway as a link',
      code: 'TREE_FOREIGN',
      tell: (tree) => {
        renameSync(join(tree.path, '.slipway'), join(tree.path, 'elsewhere'));
        symlinkSync(join(tree.path, 'elsewhere'), join(tree.path, '.slipway'));
      },
    },
    {
      about: 'a pipe as revisions.log',
      code: 'TREE_FOREIGN',
      tell: (tree) =>
        replace(join(tree.path, 'revisions.log'), () => execFileSync('mkfifo', [join(tree.path, 'revisions.log')])),
    },
    {
      about: 'current as a directory',
      code: 'CURRENT_NOT_A_LINK',
      tell: (tree) => replace(join(tree.path, 'current'), () => mkdirSync(join(tree.path, 'current'))),
    },
    {
      about: 'frames without end, with the real token',
      code: /PROGRAM_UNFINISHED|PREFLIGHT|STEP_FAILED/,
      tell: (tree) => program(tree, 'sh', flood),
    },
  ];

  test.each(refused)(
    'who shows $about is refused by name, and the others stay as they were',
    async ({ tell, code }) => {
      const job = await deployAgainst(tell);
      expect(job.exitCode).toBe(1);
      expect(job.log).toMatch(code instanceof RegExp ? code : new RegExp(`${code} on s2: `));
      expect(readlinkSync(join(honest.root, 'current'))).toBe(join(honest.root, 'releases', liveBefore(honest)));
      for (const server of fleet.servers)
        if (server === honest || code === 'CLOCK_AHEAD')
          expect(existsSync(join(server.root, '.slipway/lock'))).toBe(false);
    },
  );

  const foreign: Lie[] = [
    { about: 'releases', tell: (tree) => foreignLink(join(tree.path, 'releases')) },
    { about: 'shared', tell: (tree) => foreignLink(join(tree.path, 'shared')) },
    { about: 'revisions.log', tell: (tree) => foreignLink(join(tree.path, 'revisions.log'), join(precious, 'a')) },
    { about: '.slipway', tell: (tree) => lchownSync(join(tree.path, '.slipway'), nobody, nobody) },
  ];

  test.runIf(root).each(foreign)('$about of another user is refused', async ({ tell }) => {
    const job = await deployAgainst(tell);
    expect(job.log).toContain('TREE_FOREIGN on s2');
  });

  test.runIf(root)('a parent of a linked directory that is a link of another user is refused', async () => {
    const job = await deployAgainst((tree) => foreignLink(join(tree.path, 'shared/public')));
    expect(job.exitCode).toBe(1);
    expect(job.log).toContain("shared/public is a link of somebody else's");
  });

  test('links of our own in place of releases and shared are followed', async () => {
    const job = await deployAgainst((tree) => {
      for (const name of ['releases', 'shared']) {
        renameSync(join(tree.path, name), join(tree.home, `${name}-volume`));
        symlinkSync(join(tree.home, `${name}-volume`), join(tree.path, name));
      }
    });
    for (const name of ['releases', 'shared']) rmSync(join(liar.home, `${name}-volume`), { recursive: true });
    expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
  });

  test.each(['1', '01', 'bystander'])('a dead lock that names the group %s ends no process', async (group) => {
    const bystander = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    try {
      const job = await deployAgainst((tree) => {
        writeLock(
          tree,
          JSON.stringify({
            ...owner,
            lease: 1,
            group: group === 'bystander' ? String(bystander.pid) : group,
            started: '1',
          }),
        );
        execFileSync('touch', ['-d', '@0', join(tree.path, '.slipway/lock/owner.json')]);
      });
      expect(bystander.exitCode).toBeNull();
      expect(bystander.signalCode).toBeNull();
      expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    } finally {
      bystander.kill('SIGKILL');
    }
  });

  test('a release that goes back deletes nothing behind a link in place of failed/', async () => {
    link(join(liar.root, '.slipway/failed'), precious);
    const broken = project.commit({ 'index.html': undefined, other: 'x' });
    const job = await deploy({ revision: broken, stage: 'test' });
    project.git('reset', '-q', '--hard', 'HEAD~1');
    configure();
    expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'reverted' } });
    expect(contents(precious)).toEqual(expect.arrayContaining(untouched()));
    rmSync(join(precious, job.outputs['release'] ?? '-'), { recursive: true });
  });

  test('a server that calls another one out of step moves nobody to the release of its choice', async () => {
    const job = await deployAgainst((tree) => {
      const older =
        readFileSync(tree.ledger, 'utf8')
          .split('\n')
          .flatMap((line) => /"release":"(\d+)","event":"healthy"/.exec(line)?.[1] ?? [])[0] ?? '';
      link(join(tree.path, 'current'), join(tree.path, 'releases', older));
      appendFileSync(tree.ledger, standing(['s1']));
    });
    expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(job.log).not.toContain('reconcile');
  });
});

interface Tree {
  readonly path: string;
  readonly home: string;
  readonly live: string;
  readonly ledger: string;
  readonly manifest: string;
}

interface Lie {
  readonly about: string;
  readonly tell: (tree: Tree) => unknown;
}

interface Refusal extends Lie {
  readonly code: string | RegExp;
}

function configure(): void {
  project.configure({
    application: 'shop',
    deploy_to: '/srv/shop',
    linked_dirs: ['log', 'public/uploads/images'],
    keep_releases: 2,
    lock: { wait: '0s' },
    stages: { all: { servers: serversOf(fleet) }, test: { servers: serversOf(fleet).slice(0, 2) } },
    hooks: { published: [{ name: 'restart', run: `if [ -e ~/forge ]; then ${forgedFrames}; fi` }] },
    health: [{ name: 'up', run: 'test -f index.html', interval: '200ms', deadline: '2s' }],
  });
}

/** A small heap: what servers say must not fill it. */
function deploy(wanted: { readonly revision: string; readonly stage: string }): Promise<JobResult> {
  return runJob({
    action: 'deploy',
    workspace: project.path,
    with: { 'ssh-private-key': fleet.privateKey, 'known-hosts': fleet.knownHosts, ...wanted },
    env: { NODE_OPTIONS: '--max-old-space-size=160' },
  });
}

/** Deploys to a liar and an honest server, and asserts what must hold whatever the liar says. */
async function deployAgainst(tell: Lie['tell']): Promise<JobResult> {
  tell(treeOf(liar));
  const job = await deploy({ revision: 'main', stage: 'test' });
  expectHarmless(job);
  return job;
}

function expectHarmless(job: JobResult): void {
  expectInnocent(job, [...keyLines(fleet.privateKey), jobToken]);
  expect(marks(folder, project.path, ...fleet.servers.map(({ home }) => home))).toEqual([]);
  expect(contents(precious)).toEqual(untouched());
  expect(JSON.parse(job.outputs['hosts'] ?? '{}')).toMatchObject({ s1: { failures: [] } });
  for (const line of readFileSync(join(honest.root, '.slipway/ledger.jsonl'), 'utf8').trim().split('\n'))
    expect(JSON.parse(line)).toHaveProperty('release');
}

function untouched(): string[] {
  return [...['a', 'b', 'c', 'd', 'e'].map((name) => `${join(precious, name)} ${name}`), join(precious, 'lock')];
}

/** Both servers as they were before anybody lied. */
function restore(): void {
  for (const server of [honest, liar]) {
    for (const path of [server.root, `${server.home}/bin`, `${server.home}/.bashrc`, `${server.home}/.profile`])
      rmSync(path, { recursive: true, force: true });
    cpSync(`${server.home}/good`, server.root, { recursive: true, verbatimSymlinks: true });
    mkdirSync(`${server.home}/bin`);
  }
}

function treeOf({ root: path, home }: TestServer): Tree {
  const live = readlinkSync(join(path, 'current'));
  return {
    path,
    home,
    live,
    ledger: join(path, '.slipway/ledger.jsonl'),
    manifest: join(path, '.slipway/manifests', `${live.split('/').at(-1)}.json`),
  };
}

function liveBefore({ home }: TestServer): string {
  return readlinkSync(join(home, 'good/current')).split('/').at(-1) ?? '';
}

/** The server looks for its programs in `bin` of its home first. */
async function withOwnPrograms(server: TestServer): Promise<void> {
  await server.stop();
  mkdirSync(join(server.home, 'bin'));
  const path = join(server.home, 'sshd_config');
  writeFileSync(path, readFileSync(path, 'utf8').replace(' PATH=', ` PATH=${server.home}/bin:`));
  await server.start();
}

function program({ home }: Tree, name: string, text: string): void {
  const path = join(home, 'bin', name);
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
}

function strangeNames(parent: string): void {
  mkdirSync(parent, { recursive: true });
  for (const name of [
    ...poison.split('\n').map((line) => line.replaceAll('/', '_').slice(0, 200)),
    poison.replaceAll('/', '_').slice(0, 200),
    '-rf',
    '..x',
    '20260101000000\n..',
    '2026010100000',
    '２０２６０１０１００００００',
  ])
    mkdirSync(join(parent, name));
}

function writeLock(tree: Tree, text: string): void {
  mkdirSync(join(tree.path, '.slipway/lock'));
  writeFileSync(join(tree.path, '.slipway/lock/owner.json'), `${text}\n`);
}

function standing(servers: readonly string[]): string {
  return servers
    .map(
      (server) =>
        `${JSON.stringify({ at: '2026-11-21T10:00:00Z', release: '20260101000000', event: 'in_doubt', by: 'octo', run: '1', server })}\n`,
    )
    .join('');
}

function change(path: string, more: Readonly<Record<string, unknown>>): void {
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...more }));
}

function replace(path: string, make: () => unknown): void {
  rmSync(path, { recursive: true, force: true });
  make();
}

function link(path: string, target: string): void {
  replace(path, () => symlinkSync(target, path));
}

/** A link that the user nobody made. */
function foreignLink(path: string, target = precious): void {
  link(path, target);
  lchownSync(path, nobody, nobody);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
