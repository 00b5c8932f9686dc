import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { nodeHttp } from '../../../src/adapters/http.ts';
import { Failure } from '../../../src/domain/failure.ts';
import type { Answer, Probe } from '../../../src/domain/health/probe.ts';
import { commandProbe } from '../../../src/domain/programs/probe.ts';
import type { ProgramEnd } from '../../../src/domain/remote/end.ts';
import { ProgramCollector } from '../../../src/domain/remote/end.ts';
import { FrameReader } from '../../../src/domain/remote/frames.ts';
import type { RemoteProgram } from '../../../src/domain/remote/program.ts';
import { cutStatus, launcher, renderProgram } from '../../../src/domain/remote/program.ts';
import type { HealthQuestion } from '../../../src/flows/release/health.ts';
import { askHealth } from '../../../src/flows/release/health.ts';
import { FakeClock } from '../../fakes/fake-clock.ts';
import { FakeHttp } from '../../fakes/fake-http.ts';
import { lacking, suite } from '../../rig/part.ts';

const timing = { interval: 2000, timeout: 5000, healthyAfter: 3, deadline: 60_000 };
const httpAsk = {
  kind: 'http',
  url: 'http://127.0.0.1:3000/up',
  from: 'server',
  headers: {},
  status: 200,
  bodyContains: undefined,
} as const;
const good: Answer = { kind: 'answer', status: 200, body: 'revision abc' };
const bad: Answer = { kind: 'answer', status: 503, body: 'starting' };
const unasked: Answer = { kind: 'unasked', why: 'no tunnel' };

function probe(ask: Probe['ask'], more: Partial<Probe> = {}): Probe {
  return { name: 'up', roles: [], required: 'required', ...timing, ask, ...more };
}

function question(more: Partial<HealthQuestion>): HealthQuestion {
  return {
    probe: probe(httpAsk),
    server: 'web1',
    transport: { tunnel: async () => Promise.reject(new Failure('HEALTH_UNKNOWN', 'no way')) },
    http: new FakeHttp(good),
    clock: new FakeClock(),
    signal: new AbortController().signal,
    fill: { revision: 'abc', release: '20261121193711', stage: 'production' },
    current: '/srv/shop/current',
    run: async () => Promise.reject(new Failure('CONNECTION_LOST', 'the connection was lost')),
    ...more,
  };
}

describe('an http probe', () => {
  test.each<[string, readonly Answer[], string, RegExp]>([
    ['that answers well three times is healthy', [good], 'healthy', /200/],
    [
      'that comes up late is healthy',
      [bad, { kind: 'refused', why: 'nothing listens' }, { kind: 'silent' }, good],
      'healthy',
      /3 times in a row/,
    ],
    ['that never answers well is unhealthy', [bad], 'unhealthy', /503 instead of 200: starting/],
    ['that can never be asked is unknown', [unasked], 'unknown', /no tunnel/],
    [
      'that cannot be asked any more at the deadline is unknown',
      [...Array<Answer>(20).fill(bad), unasked],
      'unknown',
      /no tunnel/,
    ],
    [
      'whose way is found broken after the last bad answer is unknown',
      [...Array<Answer>(31).fill(bad), unasked],
      'unknown',
      /no tunnel/,
    ],
  ])('%s', async (_, answers, verdict, detail) => {
    const line = await askHealth(question({ http: new FakeHttp(...answers) }));
    expect(line).toEqual({ probe: 'up', required: 'required', verdict, detail: expect.stringMatching(detail) });
  });

  test('looks for the filled text, as data', async () => {
    const http = new FakeHttp(good);
    expect(
      await askHealth(question({ http, probe: probe({ ...httpAsk, bodyContains: 'revision {revision}' }) })),
    ).toMatchObject({ verdict: 'healthy' });
    expect(
      await askHealth(question({ http, probe: probe({ ...httpAsk, bodyContains: 'release {release}' }) })),
    ).toMatchObject({ verdict: 'unhealthy' });
  });

  test.each<['server' | 'runner', string, string]>([
    ['server', 'unhealthy', 'through the tunnel'],
    ['runner', 'healthy', ''],
  ])('from the %s goes its way', async (from, verdict, told) => {
    await using service = await serve(200, 'fine');
    const tunnel = async () => Promise.reject(new Failure('UNHEALTHY', 'nothing listens through the tunnel'));
    const line = await askHealth(
      question({ http: nodeHttp, transport: { tunnel }, probe: probe({ ...httpAsk, url: service.url, from }) }),
    );
    expect(line).toMatchObject({ verdict, detail: expect.stringContaining(told) });
  });

  test('is answered by a real service through the tunnel', async () => {
    await using service = await serve(200, 'fine');
    const asked: string[] = [];
    const tunnel = async (host: string, port: number) => {
      asked.push(`${host}:${port}`);
      return connect({ host: '127.0.0.1', port: service.port });
    };
    const line = await askHealth(
      question({
        http: nodeHttp,
        transport: { tunnel },
        probe: probe({ ...httpAsk, url: 'http://localhost:3000/up' }, { healthyAfter: 1 }),
      }),
    );
    expect(line).toMatchObject({ verdict: 'healthy', detail: 'status 200' });
    expect(asked).toEqual(['localhost:3000']);
  });

  test('ends when the run is cancelled', async () => {
    await expect(askHealth(question({ http: new FakeHttp(bad), signal: AbortSignal.abort() }))).rejects.toMatchObject({
      code: 'CANCELLED',
      server: 'web1',
    });
  });
});

for (const name of ['dash', 'bash', 'busybox'] as const)
  suite(`a command probe under ${name}`, lacking(name), () => {
    const shell = name === 'busybox' ? [name, 'sh'] : [name];

    /**
     * A directory for `current`, and a question that is answered there. Its seconds pass when somebody sleeps, not
     * before.
     */
    function scene() {
      const folder = mkdtempSync(join(tmpdir(), 'health-test-'));
      const current = join(folder, 'current');
      mkdirSync(current);
      const path = ownSeconds(folder);
      const ask = (command: string, more: Partial<Probe> = {}, rest: Partial<HealthQuestion> = {}) => {
        const quick = { interval: 1000, timeout: 5000, healthyAfter: 1, deadline: 1000, required: 'informs' } as const;
        return askHealth(
          question({
            probe: probe({ kind: 'run', command }, { ...quick, ...more }),
            current,
            run: (program) => runHere({ shell, path }, program),
            ...rest,
          }),
        );
      };
      return { current, ask, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
    }

    test.concurrent('that succeeds is healthy and tells what it said last', async () => {
      using here = scene();
      expect(await here.ask('echo one; echo active')).toEqual({
        probe: 'up',
        required: 'informs',
        verdict: 'healthy',
        detail: 'active',
      });
      expect(await here.ask('true')).toMatchObject({ verdict: 'healthy', detail: 'exit 0' });
    });

    test.concurrent('runs in current, with its variables, errors on and input closed', async () => {
      using here = scene();
      mkdirSync(join(here.current, 'here'));
      expect(
        await here.ask('[ -d here ]; cat; [ "$RAILS_ENV" = "it\'s" ]', {}, { env: { RAILS_ENV: "it's" } }),
      ).toMatchObject({ verdict: 'healthy' });
      expect(await here.ask('false; true')).toMatchObject({ verdict: 'unhealthy' });
      expect(await here.ask('echo "$not_set"')).toMatchObject({ verdict: 'unhealthy' });
    });

    test.concurrent('that fails until the deadline is unhealthy and tells its status', async () => {
      using here = scene();
      expect(await here.ask('echo inactive; exit 3')).toMatchObject({
        verdict: 'unhealthy',
        detail: 'exit 3: inactive',
      });
      expect(await here.ask('no-such-command')).toMatchObject({
        verdict: 'unhealthy',
        detail: expect.stringMatching(/^exit 127: .*not found/),
      });
    });

    test.concurrent('must succeed several times in a row', async () => {
      using here = scene();
      const line = await here.ask('echo x >>tries; [ "$(wc -l <tries)" -ne 2 ]', { healthyAfter: 2, deadline: 60_000 });
      expect(line).toMatchObject({ verdict: 'healthy' });
      expect(readFileSync(join(here.current, 'tries'), 'utf8')).toBe('x\nx\nx\nx\n');
    });

    test.concurrent('that hangs is ended after its time', async () => {
      using here = scene();
      expect(await here.ask('tail -f /dev/null', { timeout: 1000 })).toMatchObject({
        verdict: 'unhealthy',
        detail: 'no answer in time',
      });
    });

    test.concurrent('says nothing about a server without current', async () => {
      using here = scene();
      expect(await here.ask('true', {}, { current: join(here.current, 'gone') })).toMatchObject({ verdict: 'unknown' });
    });

    test.concurrent('takes text that looks like frames, and much of it, as text', async () => {
      using here = scene();
      writeFileSync(join(here.current, 'noise'), `${'x'.repeat(100_000)}\n\x1etoken text health\nhealthy\n`);
      expect(await here.ask('cat noise; exit 1')).toMatchObject({ verdict: 'unhealthy' });
    });
  });

test('a command probe whose program is lost is unknown', async () => {
  const lost = {
    kind: 'unknown',
    why: 'connection lost',
    during: undefined,
    detail: '',
    steps: [],
    facts: new Map([['health', 'healthy']]),
    leftRunning: [],
    group: undefined,
  } as const;
  const run = probe({ kind: 'run', command: 'true' });
  expect(await askHealth(question({ probe: run, run: async () => lost }))).toMatchObject({
    verdict: 'unknown',
    detail: expect.stringContaining('connection lost'),
  });
  expect(await askHealth(question({ probe: run }))).toMatchObject({
    verdict: 'unknown',
    detail: 'the connection was lost',
  });
});

test('a command probe is one step with its values as words', () => {
  const [step, ...more] = commandProbe(
    { probe: probe({ kind: 'run', command: 'x' }, { interval: 200 }), current: '/srv/shop/current' },
    "it's $(id)",
  ).steps;
  expect(step).toMatchObject({
    effect: 'reads',
    cwd: '/srv/shop/current',
    run: { words: ["it's $(id)", '3', '1', '5', '60'] },
  });
  expect(more).toEqual([]);
});

async function serve(
  status: number,
  body: string,
): Promise<{ readonly url: string; readonly port: number } & AsyncDisposable> {
  const server = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    [Symbol.asyncDispose]: async () => void (await new Promise((resolve) => server.close(resolve))),
  };
}

/**
 * A folder of programs for PATH: `sleep` only moves the seconds on that `date` tells, so that nobody waits for an
 * interval or a deadline.
 */
function ownSeconds(folder: string): string {
  const path = join(folder, 'bin');
  const seconds = join(folder, 'seconds');
  mkdirSync(path);
  writeFileSync(seconds, '1000\n');
  const programs = {
    sleep: `read -r now <'${seconds}'; echo $((now + $1)) >'${seconds}'`,
    date: `[ "$*" = +%s ] || exec /bin/date "$@"\ncat '${seconds}'`,
  };
  for (const [name, text] of Object.entries(programs))
    writeFileSync(join(path, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

interface Place {
  readonly shell: readonly string[];
  /** Comes first in PATH. */
  readonly path: string;
}

/** Runs the program as a server does, with a local shell in the place of the login shell's `sh`. */
async function runHere({ shell, path }: Place, program: RemoteProgram): Promise<ProgramEnd> {
  const token = '0123456789abcdef';
  const text = renderProgram(program, token);
  const [first = 'sh', ...rest] = shell;
  const child = spawn(first, [...rest, '-c', launcher(Buffer.byteLength(text)).replace(/^sh -c '(.*)'$/s, '$1')], {
    env: { ...process.env, PATH: `${path}:${process.env['PATH'] ?? ''}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const reader = new FrameReader(token, program.steps);
  const record = new ProgramCollector();
  let noise = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    for (const event of reader.feed(chunk)) record.add(event);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (noise += chunk));
  child.stdin.end(text);
  const code = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  for (const event of reader.rest()) record.add(event);
  return record.end({ code: code ?? undefined, signal: undefined, connection: 'open', noise }, cutStatus);
}
