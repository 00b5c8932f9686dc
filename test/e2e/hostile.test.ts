import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectInnocent, keyLines, marker, marks } from '../rig/innocence.ts';
import { type JobRequest, type JobResult, runJob } from '../rig/job.ts';
import { suite } from '../rig/part.ts';
import { makeProject, type Project, serversOf } from '../rig/project.ts';
import { takeTurns } from '../rig/runs.ts';
import { generateKey, missing, startServers, type TestServer, type TestServers } from '../rig/sshd.ts';
import { jobToken } from '../rig/usual-job.ts';

/** Words that would do something somewhere if anybody took them for more than text. */
const words: Readonly<Record<string, string>> = {
  shell: `"; touch ${marker}; ' ; touch ${marker} ; \`touch ${marker}\` $(touch ${marker}) \${IFS} | touch ${marker} & touch ${marker} #`,
  lines: `a\ntouch ${marker}\n'\n"\ntouch ${marker}\r\ntouch ${marker}\n`,
  commands:
    '::set-output name=result::deployed\n::add-mask::e\n  ::error::mine\n\r::stop-commands::x\n##[error]mine\na ##[add-mask]e\n%0A::error::mine\n\u00ad\u200b::set-env name=PATH::/',
  files: 'result=deployed\nresult<<x\ndeployed\nx\n',
  paths: '../../../../etc/passwd',
  option: `--output=${marker}`,
  command: `-oProxyCommand=touch ${marker}`,
  unicode: '\u202egnp.exe \u2066\u200b\u200d\ufeff p\u0430ypal ｈｔｔｐ \ud800 e\u0301',
  markup:
    '@octo/team #1 GH-1 <img src=x onerror=alert(1)> [click](javascript:alert(1)) ![x](https://example.com/x) | a | `b` <!-- --> :+1: https://example.com',
  braces: '{revision} ${{ github.token }} %s %n {{ x }} __proto__ constructor',
  long: 'x'.repeat(100_000),
};
const everything = Object.values(words)
  .filter((word) => word.length < 1000)
  .join('\n');
const oneLine = everything.replaceAll(/[\0-\x1f\x7f-\x9f\u2028\u2029\ud800]/g, ' ').trim();

const passphrase = 'correct horse battery staple';

/** Inputs whose lines are masked, whatever they are; of a key it is what stands between blanks. */
const secretInputs = ['ssh-private-key', 'ssh-passphrase', 'github-token'];

let fleet: TestServers;
let project: Project;
let folder: string;
let http: HttpServer;
let asked: Record<string, unknown>;
let key: string;
let secrets: string[];

suite('hostile words', missing(), () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-hostile-'));
    fleet = await startServers({ count: 2, config: [`Banner ${join(folder, 'banner')}`] });
    writeFileSync(join(folder, 'banner'), everything.replaceAll('\ud800', ''));
    for (const { home } of fleet.servers)
      for (const name of ['.bashrc', '.profile'])
        writeFileSync(
          join(home, name),
          `printf '%s\\n' ${quoted(everything)}; printf '%s\\n' ${quoted(everything)} >&2\n`,
        );
    const locked = generateKey(join(folder, 'key'), 'ed25519', '-N', passphrase);
    fleet.allow(locked.publicKey);
    key = locked.privateKey;
    secrets = [...keyLines(key), passphrase, jobToken];
    http = createServer((request, response) => {
      asked = request.headers;
      response.end(`${everything}\nwell`);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    project = makeProject();
    configure({});
    project.commit({ 'index.html': 'one\n' });
  }, 60_000);

  afterAll(async () => {
    await fleet[Symbol.asyncDispose]();
    await new Promise((resolve) => http.close(resolve));
    project[Symbol.dispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const inputs = [
    'config',
    'stage',
    'ssh-private-key',
    'ssh-passphrase',
    'known-hosts',
    'hosts',
    'roles',
    'mode',
    'revision',
    'artifact',
    'force',
    'github-token',
  ];

  const kinds = ['commands', 'paths', 'option', 'long'] as const;
  const turns = takeTurns(kinds.length);

  test.each(inputs.map((input, index) => ({ input, index })))(
    `in the input $input are text${turns.note}`,
    async ({ input, index }) => {
      const taken = kinds.filter((_, kind) => turns.takes(index, kind)).map((kind) => words[kind] as string);
      const tried = [everything, ...taken];
      for (const { word, ended } of await inTurn(tried, async (word) => ({
        word,
        ended: await job({ mode: 'plan', [input]: word }),
      }))) {
        expectHarmless(
          ended,
          secretInputs.includes(input) ? [...word.split(/[\r\n]+/), ...word.split(/(?:\s|\\[rn])+/)] : [],
        );
        if (input !== 'github-token') expect(ended.exitCode, word).toBe(1);
      }
    },
  );

  test('in a reason are text', async () => {
    const ended = await job({ mode: 'unlock', reason: everything });
    expect(ended.exitCode).toBe(0);
    expectHarmless(ended);
  });

  test('in what the job knows about itself end in no shell, no markup and one line of revisions.log', async () => {
    const env = {
      GITHUB_REF_NAME: everything,
      GITHUB_REF: `refs/heads/${everything}`,
      GITHUB_ACTOR: everything,
      GITHUB_TRIGGERING_ACTOR: everything,
      GITHUB_JOB: everything,
      GITHUB_WORKFLOW: everything,
      GITHUB_WORKFLOW_REF: everything,
      GITHUB_RUN_ATTEMPT: everything,
      GITHUB_RUN_NUMBER: everything,
      GITHUB_SHA: project.git('rev-parse', 'HEAD'),
    };
    const ended = await job({ revision: env.GITHUB_SHA }, { env });
    expect(ended, ended.log).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expectHarmless(ended);
    for (const { root } of fleet.servers) {
      expect(readFileSync(join(root, 'revisions.log'), 'utf8').trimEnd().split('\n')).toHaveLength(1);
      for (const line of readFileSync(join(root, '.slipway/ledger.jsonl'), 'utf8').trimEnd().split('\n'))
        expect(JSON.parse(line)).toHaveProperty('event');
    }
  });

  test.each([
    `--output=${marker}`,
    `$(touch\${IFS}${marker});touch\${IFS}${marker}|x&\`touch\${IFS}${marker}\``,
    `-c/core.fsmonitor=touch\${IFS}${marker}`,
    '::error::mine/@octo/<b>'.replaceAll(':', '%3A'),
    'p\u0430ypal\u200b',
  ])('in the name of a branch are text: %s', async (branch) => {
    project.git('update-ref', `refs/heads/${branch}`, project.commit({ branch }));
    const ended = await job({ revision: branch }, { env: { GITHUB_REF_NAME: branch } });
    expect(ended, ended.log).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expectHarmless(ended);
    for (const { root } of fleet.servers)
      expect(readFileSync(join(root, 'revisions.log'), 'utf8')).toContain(`Branch ${branch} (at `);
  });

  test('in names, contents, attributes and links of a release arrive as they are', async () => {
    const names = [
      `$(touch ${marker})`,
      `\`touch ${marker}\``,
      `;touch ${marker}`,
      `--checkpoint-action=exec=touch ${marker}`,
      '-rf',
      'a\'b"c',
      'back\\slash',
      '::error::mine',
      '##[error]mine',
      '\u202egnp',
      '%0A',
      '{revision}',
      '<img src=x>',
      `deep/$(touch ${marker})/-x`,
      'ümläut 日本',
      'x'.repeat(200),
    ];
    mkdirSync(join(project.path, `deep/$(touch ${marker})`), { recursive: true });
    for (const name of names) writeFileSync(join(project.path, name), everything.replaceAll('\ud800', ''));
    writeFileSync(
      join(project.path, '.gitattributes'),
      `* filter=evil diff=evil merge=evil\nsubst export-subst\n"a b" eol=crlf\n`,
    );
    writeFileSync(join(project.path, 'subst'), '$Format:%H %an$\n');
    symlinkSync(`$(touch ${marker})`, join(project.path, 'link'));
    symlinkSync('-rf', join(project.path, '--link'));
    project.git('add', '-A', '.');
    const linked = project.commit({});
    const ended = await job({ revision: linked });
    expect(ended, ended.log).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expectHarmless(ended);
    for (const { root } of fleet.servers) {
      for (const name of names) expect(existsSync(join(root, 'current', name)), name).toBe(true);
      expect(readFileSync(join(root, 'current/subst'), 'utf8')).toBe(`${linked} Test\n`);
    }
  });

  test('in the names of what may not be shipped are told as text', async () => {
    const out = mkdtempSync(join(project.path, 'build-'));
    for (const [name, target] of [
      [`$(touch ${marker})`, '/etc/passwd'],
      ['::error::mine', '../../../etc/shadow'],
      ['<img src=x>@octo', `../../$(touch ${marker})`],
      ['a\nb\n::error::mine', 'x'],
    ] as const)
      symlinkSync(target, join(out, name));
    const ended = await job({ artifact: out.slice(project.path.length + 1) });
    expect(ended.exitCode).toBe(1);
    expect(ended.log).toContain('ARTIFACT_INVALID');
    expectHarmless(ended);
    rmSync(out, { recursive: true });
  });

  test('in the configuration, and in what hooks and services say, are text', async () => {
    const port = (http.address() as AddressInfo).port;
    const say = `printf '%s\\n' "$EVERYTHING"; printf '%s' "$EVERYTHING" >&2`;
    configure({
      default_env: { EVERYTHING: everything.replaceAll('\ud800', '').replaceAll(/\$?[{}]/g, ''), QUOTES: `'"\\` },
      linked_dirs: [`$(touch ${marker})`, `--x; touch ${marker}`, `a'b/"c"/x`],
      mutable: ['**/*', `$(touch ${marker})/**`, `' -exec touch ${marker} ;`],
      hooks: {
        starting: [{ name: oneLine.slice(0, 199).trim(), local: say }],
        updated: [
          { name: `$(touch ${marker})`, run: say, when: { changed: ['**', `'; touch ${marker}`] } },
          { run: `true '::error::mine <img src=x> @octo'` },
        ],
        published: [{ name: '::error::mine', run: say }],
      },
      health: [
        {
          name: `<img src=x> @octo ${words['command']}`,
          http: `http://127.0.0.1:${port}/%0A::error::mine?$(touch+${marker})`,
          headers: { 'X-Odd': `$(touch ${marker}) "'; %0d%0aX-More: x` },
          expect: { body_contains: 'well' },
          interval: '200ms',
          deadline: '3s',
        },
        { name: 'says much and is ill', run: `${say}; exit 3`, required: false, interval: '200ms', deadline: '1s' },
      ],
    });
    const ended = await job({ revision: 'HEAD' });
    configure({});
    expect(ended, ended.log).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    expect(asked).toMatchObject({ 'x-odd': `$(touch ${marker}) "'; %0d%0aX-More: x` });
    expect(asked).not.toHaveProperty('x-more');
    expectHarmless(ended);
  });

  test('in a configuration that is refused are told as text', async () => {
    const yamls = [
      ...[everything, words['long'] as string].map((word) =>
        JSON.stringify({
          application: word,
          deploy_to: word,
          stages: { [word]: { servers: [{ host: word, user: word, roles: [word] }] } },
          [word]: word,
        }),
      ),
      `application: "a\\0b"\n`,
      'a: \0\n',
      `${words['commands']}`,
      '&a [*a, *a]',
      `x: ${'['.repeat(5000)}`,
      '!!js/function "x"',
      `? ${words['long']}\n: x`,
    ];
    for (const yaml of yamls) {
      writeFileSync(join(project.path, '.github/hostile.yml'), yaml);
      const ended = await job({ mode: 'plan', config: '.github/hostile.yml' });
      expect(ended.exitCode).toBe(1);
      expectHarmless(ended);
    }
    rmSync(join(project.path, '.github/hostile.yml'));
  });

  test('no secret of the login is in a process of a server or in a child of the runner', async () => {
    const [server] = fleet.servers as [TestServer];
    const [ready, go] = [join(folder, 'ready'), join(folder, 'go')];
    const wait = (name: string): string =>
      `env >${ready}.${name}; i=0; while [ ! -e ${go} ] && [ $i -lt 300 ]; do i=$((i + 1)); sleep 0.1; done`;
    configure({
      hooks: {
        starting: [{ name: 'local', local: wait('local') }],
        updated: [{ name: 'remote', run: wait('remote'), once: true }],
      },
    });
    const running = job({ revision: 'HEAD', force: 'true' });
    const found = [];
    for (const name of ['local', 'remote']) {
      await until(() => existsSync(`${ready}.${name}`));
      found.push(
        ...processes().filter(({ text }) => [...keyLines(key), passphrase].some((secret) => text.includes(secret))),
      );
      writeFileSync(go, '');
      if (name === 'local') await until(() => processes().every(({ text }) => !text.includes(`${ready}.local`)));
      rmSync(go, { force: true });
    }
    writeFileSync(go, '');
    const ended = await running;
    configure({});
    expect(ended.exitCode).toBe(0);
    expect(
      found.filter(({ text }) => !/dist\/deploy\/index\.js/.test(text)).map(({ text }) => text.slice(0, 200)),
    ).toEqual([]);
    expect(found.length, 'the action itself, which shows that the search finds secrets').toBeGreaterThan(0);
    for (const name of ['local', 'remote'])
      for (const secret of secrets) expect(readFileSync(`${ready}.${name}`, 'utf8')).not.toContain(secret);
    expect(existsSync(server.root)).toBe(true);
    expectHarmless(ended);
  });
});

function configure(more: Readonly<Record<string, unknown>>): void {
  project.configure({
    application: 'shop',
    deploy_to: '/srv/shop',
    stages: { test: { servers: serversOf(fleet) } },
    ...more,
  });
}

function job(given: Readonly<Record<string, string>>, more: Partial<JobRequest> = {}): Promise<JobResult> {
  return runJob({
    action: 'deploy',
    workspace: project.path,
    with: { 'ssh-private-key': key, 'ssh-passphrase': passphrase, 'known-hosts': fleet.knownHosts, ...given },
    ...more,
  });
}

/** `masked`: what else the job may have asked the runner to mask. */
function expectHarmless(ended: JobResult, masked: readonly string[] = []): void {
  expectInnocent(ended, secrets, masked);
  expect(
    marks(folder, project.path, ...fleet.servers.map(({ home }) => home)).filter((path) => !path.includes('.git/')),
  ).toEqual([]);
  expect(
    [process.cwd(), process.env['HOME'] ?? '/', tmpdir()].filter((path) => existsSync(join(path, marker))),
  ).toEqual([]);
}

/** Two at a time. */
async function inTurn<In, Out>(all: readonly In[], work: (one: In) => Promise<Out>): Promise<Out[]> {
  const done: Out[] = [];
  for (let at = 0; at < all.length; at += 2) done.push(...(await Promise.all(all.slice(at, at + 2).map(work))));
  return done;
}

/** Command line and environment of every process that we may read. */
function processes(): { readonly text: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .flatMap((id) => {
      try {
        return [{ text: readFileSync(`/proc/${id}/cmdline`, 'utf8') + readFileSync(`/proc/${id}/environ`, 'utf8') }];
      } catch {
        return [];
      }
    });
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries += 1) {
    if (tries > 600) throw new Error('it did not come to that');
    await sleep(50);
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`).replaceAll('\ud800', '')}'`;
}
