import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex, PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/adapters/ssh/connection.ts';
import { execute } from '../../../src/adapters/ssh/execution.ts';
import { PreopenedSessions } from '../../../src/adapters/ssh/sessions.ts';
import type { ExecChannel } from '../../../src/adapters/ssh/ssh2.ts';
import { endProgram } from '../../../src/domain/programs/end.ts';
import type { ProgramEvent } from '../../../src/domain/remote/frames.ts';
import type { RemoteProgram, Step } from '../../../src/domain/remote/program.ts';
import type { Transport, Transports } from '../../../src/ports/transport.ts';
import { Watched } from '../../fakes/memory.ts';
import { suite } from '../../rig/part.ts';
import { startProxy } from '../../rig/proxy.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { missing, startServers } from '../../rig/sshd.ts';
import { calm, clock, nth, serverOf, transportsOf } from './opening.ts';

const reading = (name: string, text: string, ...words: string[]): Step => ({
  id: 'test',
  name,
  effect: 'reads',
  run: { text, words },
});

/** Seconds that somebody who is deaf gets. */
const brief = { terminate: 0.5, kill: 2 } as const;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(20);
}

/** Whether a process runs; one that has ended and waits for its parent does not. */
function lives(id: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${id}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

for (const shell of ['dash', 'busybox', 'bash'] as const) {
  suite(`programs over SSH on ${shell}`, missing(shell), () => {
    let fixture: TestServers;
    let transports: Transports;
    let transport: Transport;
    const path = (name: string): string => join(nth(fixture, 0).root, name);

    beforeAll(async () => {
      fixture = await startServers({ count: 1, shell });
      transports = transportsOf(fixture);
      transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    });
    afterAll(async () => {
      await transport[Symbol.asyncDispose]();
      await transports[Symbol.asyncDispose]();
      await fixture[Symbol.asyncDispose]();
    });

    it('store a stream byte for byte behind other steps', async () => {
      const payload = randomBytes(3 << 20);
      const stream = async function* () {
        for (let at = 0; at < payload.length; at += 65_521) yield payload.subarray(at, at + 65_521);
      };
      const steps: readonly Step[] = [
        reading('greedy', 'cat'),
        {
          id: 'store',
          name: 'store',
          effect: 'changes',
          input: 'stream',
          run: { text: 'cat >"$1"', words: [path('stored')] },
        },
      ];
      expect((await transport.run({ name: 'upload', steps }, { stream })).kind).toBe('succeeded');
      expect(
        createHash('sha256')
          .update(readFileSync(path('stored')))
          .digest(),
      ).toEqual(createHash('sha256').update(payload).digest());
    });

    it('return although a daemon holds the channel, and name the step', async () => {
      const end = await transport.run({
        name: 'start',
        steps: [{ ...reading('start the daemon', 'sleep 30 & echo $!'), kind: 'hook' }],
      });
      expect(end).toMatchObject({ kind: 'succeeded', leftRunning: [{ name: 'start the daemon' }] });
      process.kill(Number(end.steps[0]?.output[0]));
    });

    it('tell each event while they run', async () => {
      const events: ProgramEvent['kind'][] = [];
      const seen = new Promise<void>((resolve) => {
        const watch = (event: ProgramEvent): void => {
          events.push(event.kind);
          if (event.kind === 'output') resolve();
        };
        void transport.run(
          {
            name: 'slow',
            steps: [reading('waits', 'echo begun; while [ ! -e "$1" ]; do sleep 1; done', path('go on'))],
          },
          { onEvent: watch },
        );
      });
      await seen;
      expect(events).toEqual(['group', 'step', 'output']);
      writeFileSync(path('go on'), '');
    });

    it.each([
      ['their children', 'sleep 300'],
      ['what has left their process group', 'timeout 300 sleep 300'],
    ])('that hang are ended with %s by a second exec', async (_, command) => {
      const child = path(`child of ${command}`);
      const done = Promise.withResolvers<unknown>();
      const watch = (event: ProgramEvent): void => {
        if (event.kind === 'group')
          void until(() => existsSync(child))
            .then(() => transport.run(endProgram(event.group)))
            .then(done.resolve);
      };
      const hangs = reading('hangs', `${command} & echo "$!" >"$1.next"; mv "$1.next" "$1"; wait`, child);
      const end = await transport.run({ name: 'hang', steps: [hangs] }, { onEvent: watch });
      expect(end).toMatchObject({ kind: 'failed', at: { status: 143 } });
      const ended = (await done.promise) as Awaited<ReturnType<Transport['run']>>;
      expect([ended.kind, ended.facts.get('gone')]).toEqual(['succeeded', 'yes']);
      expect(lives(Number(readFileSync(child, 'utf8')))).toBe(false);
    });

    it('that ignore TERM are killed', async () => {
      const done = Promise.withResolvers<Awaited<ReturnType<Transport['run']>>>();
      const watch = (event: ProgramEvent): void => {
        if (event.kind === 'output')
          void transport.run(endProgram(group ?? { id: '0', started: '0' }, brief)).then(done.resolve);
        if (event.kind === 'group') group = event.group;
      };
      let group: { id: string; started: string } | undefined;
      const end = await transport.run(
        { name: 'deaf', steps: [reading('is deaf', "trap '' TERM; echo begun; while :; do sleep 1; done")] },
        { onEvent: watch },
      );
      expect(end).toMatchObject({ kind: 'unknown', why: 'killed', during: { name: 'is deaf' } });
      expect((await done.promise).facts.get('gone')).toBe('yes');
    });

    it('whose process id belongs to somebody else by now are left alone', async () => {
      const end = await transport.run({
        name: 'start',
        steps: [reading('start', 'setsid sleep 30 >/dev/null 2>&1 & sleep 0.2; echo $!')],
      });
      const other = Number(end.steps[0]?.output[0]);
      const ended = await transport.run(endProgram({ id: String(other), started: '1' }));
      expect(ended.facts.get('gone')).toBe('yes');
      expect(lives(other)).toBe(true);
      process.kill(other);
    });

    it.each(['0', '1', '', '-1', '12; rm -rf /'])('never signal the group %j', async (id) => {
      const ended = await transport.run(endProgram({ id, started: '0' }));
      expect([ended.kind, ended.facts.get('gone')]).toEqual(['failed', 'no']);
    });
  });
}

suite('programs over a bad connection', missing(), () => {
  let fixture: TestServers;

  beforeAll(async () => {
    fixture = await startServers({ count: 1 });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  async function through(proxy: { readonly port: number }): Promise<{ transports: Transports; transport: Transport }> {
    const server = nth(fixture, 0);
    const transports = transportsOf(fixture, {
      knownHosts: fixture.knownHosts.replaceAll(`:${server.port} `, `:${proxy.port} `),
    });
    return { transports, transport: await transports.open(serverOf(server, { port: proxy.port }), calm()) };
  }

  it('end as unknown when it is lost, and go on on the server', async () => {
    await using proxy = await startProxy({ port: nth(fixture, 0).port });
    const { transports, transport } = await through(proxy);
    const after = join(nth(fixture, 0).root, 'after');
    const steps = [reading('survives', 'echo begun; sleep 1; echo still here >"$1"', after)];
    const end = await transport.run(
      { name: 'long', steps },
      { onEvent: (event) => event.kind === 'output' && proxy.reset() },
    );
    expect(end).toMatchObject({ kind: 'unknown', why: 'connection lost', during: { name: 'survives' } });
    expect(end.group?.id).toMatch(/^\d+$/);
    await until(() => existsSync(after));
    expect(await transport.run({ name: 'next', steps })).toMatchObject({
      kind: 'unknown',
      why: 'connection lost',
      steps: [],
    });
    await expect(transport.tunnel('127.0.0.1', 1)).rejects.toMatchObject({ code: 'HEALTH_UNKNOWN' });
    await transport[Symbol.asyncDispose]();
    await transports[Symbol.asyncDispose]();
  });

  it('end as unknown when sshd dies', async () => {
    await using own = await startServers({ count: 1 });
    await using transports = transportsOf(own);
    await using transport = await transports.open(serverOf(nth(own, 0)), calm());
    const end = await transport.run(
      { name: 'long', steps: [reading('waits', 'echo begun; sleep 2')] },
      { onEvent: (event) => event.kind === 'output' && void nth(own, 0).stop() },
    );
    expect(end).toMatchObject({ kind: 'unknown', why: 'connection lost' });
  });

  it('do not take the end of an upload that broke off for its success', async () => {
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    const stream = async function* () {
      yield Buffer.alloc(1000);
      await sleep(50);
      throw new Error('the archive is broken');
    };
    const end = await transport.run(
      { name: 'upload', steps: [{ ...reading('store', 'cat >/dev/null'), input: 'stream' }] },
      { stream },
    );
    expect(end).toMatchObject({ kind: 'unknown', why: 'unfinished' });
    expect(end.kind === 'unknown' && end.detail).toContain('the archive is broken');
  });

  it('stop an upload whose step has failed, without sending the rest', async () => {
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 0)), calm());
    let closed = false;
    const stream = async function* () {
      try {
        for (;;) yield Buffer.alloc(64 * 1024);
      } finally {
        closed = true;
      }
    };
    const end = await transport.run(
      { name: 'upload', steps: [{ ...reading('refuse', 'exit 4'), input: 'stream' }] },
      { stream },
    );
    expect(end).toMatchObject({ kind: 'failed', at: { status: 4 } });
    await until(() => closed);
  });

  it('keep what start files of the login shell print apart from the steps', async () => {
    const server = nth(fixture, 0);
    writeFileSync(join(server.home, '.bashrc'), 'echo welcome; echo beware >&2\n');
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(server), calm());
    const end = await transport.run({ name: 'greet', steps: [reading('say hello', 'echo hello')] });
    expect(end.kind).toBe('succeeded');
    expect(end.steps[0]?.output).toEqual(['hello']);
  });

  it('are told from what a forced command or a login shell runs in their place', async () => {
    await using forced = await startServers({ count: 1, config: ['ForceCommand echo no programs here; exit 1'] });
    await using transports = transportsOf(forced);
    await using transport = await transports.open(serverOf(nth(forced, 0)), calm());
    const end = await transport.run({ name: 'greet', steps: [reading('say hello', 'echo hello')] });
    expect(end).toMatchObject({ kind: 'unknown', why: 'refused', detail: expect.stringContaining('no programs here') });
  });

  it('run as another user by sudo, which must not ask for a password', async () => {
    const server = nth(fixture, 0);
    const folder = join(server.home, 'bin');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'sudo'),
      '#!/bin/sh\n[ "$1 $2 $3 $4" = "-n -u shop --" ] || exit 9\nshift 4\nSUDO_USER=shop exec "$@"\n',
      { mode: 0o755 },
    );
    writeFileSync(join(server.home, '.bashrc'), `PATH=${folder}:$PATH\n`);
    await using transports = transportsOf(fixture, { become: 'shop' });
    await using transport = await transports.open(serverOf(server), calm());
    const end = await transport.run({ name: 'who', steps: [reading('say who', 'echo "$SUDO_USER"')] });
    expect(end.steps[0]?.output).toEqual(['shop']);
  });
});

describe('a program on a channel that takes all', () => {
  const upload: RemoteProgram = { name: 'upload', steps: [{ ...reading('store', 'cat >/dev/null'), input: 'stream' }] };

  /** A session that takes every write, at once or with a pause after each, and exits at the end of its input. */
  function openChannel(room: 'always' | 'seldom'): Duplex {
    const channel = new Duplex({
      highWaterMark: room === 'always' ? 1 << 30 : 1,
      read: () => undefined,
      write: (_bytes, _encoding, done) => void setImmediate(done),
      final: (done) => {
        done();
        channel.emit('exit', 0);
        channel.emit('close');
      },
    });
    return Object.assign(channel, { stderr: new PassThrough(), close: () => undefined });
  }

  const told = new Set<() => void>();

  function run(channel: Duplex, stream?: () => AsyncIterable<Uint8Array>) {
    const connection: Connection = {
      lost: undefined,
      onLost: (callback) => {
        told.add(callback);
        return () => void told.delete(callback);
      },
      exec: () => Promise.resolve({ kind: 'open', channel: channel as unknown as ExecChannel }),
      forward: () => Promise.reject(new Error('not asked for')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    const attended = stream === undefined ? {} : { stream };
    return execute({
      connection,
      sessions: new PreopenedSessions(connection, undefined),
      program: upload,
      token: '0'.repeat(32),
      options: attended,
      clock,
    });
  }

  it.each(['always', 'seldom'] as const)(
    'keeps no part of the stream that is sent, where there is %s room',
    async (room) => {
      const parts = new Watched();
      let alive: number | undefined;
      const stream = async function* () {
        for (let count = 0; count < 64; count += 1) {
          yield parts.see(new Uint8Array(256 * 1024));
          await sleep(0);
        }
        alive = await parts.alive();
      };
      await run(openChannel(room), stream);
      expect(alive).toBeLessThan(16);
    },
  );

  it('is forgotten by the connection at its end, and not before', async () => {
    let during: number | undefined;
    const stream = async function* () {
      during = told.size;
      yield new Uint8Array(1);
    };
    await run(openChannel('always'), stream);
    expect([during, told.size]).toEqual([1, 0]);
  });

  it('closes its source where it ends while the source has nothing to give', async () => {
    const channel = openChannel('always');
    const closed = Promise.withResolvers<void>();
    const silent: AsyncIterableIterator<Uint8Array> = {
      [Symbol.asyncIterator]: () => silent,
      next: () => {
        setImmediate(() => channel.emit('close'));
        return new Promise(() => undefined);
      },
      return: () => {
        closed.resolve();
        return Promise.reject(new Error('nobody is told'));
      },
    };
    expect((await run(channel, () => silent)).kind).toBe('unknown');
    await closed.promise;
  });

  it('closes its source where it ends while the server takes nothing', async () => {
    const channel = openChannel('seldom');
    const closed = Promise.withResolvers<void>();
    const stream = async function* () {
      try {
        channel._write = () => void setImmediate(() => channel.emit('close'));
        for (;;) yield new Uint8Array(1);
      } finally {
        closed.resolve();
      }
    };
    expect((await run(channel, stream)).kind).toBe('unknown');
    await closed.promise;
    expect(channel.listenerCount('drain')).toBe(0);
  });

  it('has its final frame although it comes long after the exit status, as over a slow connection', async () => {
    const channel = openChannel('always');
    channel._final = (done) => done();
    const ended = run(channel);
    await until(() => channel.listenerCount('exit') > 0);
    channel.emit('exit', 0);
    for (const part of ['step 0', 'end 0 0', 'done 0']) {
      await sleep(1200);
      channel.push(`\n\x1e${'0'.repeat(32)} ${part}\n`);
    }
    expect((await ended).kind).toBe('succeeded');
  });

  it('is not waited for when it was killed, however much its children go on to print', async () => {
    const channel = openChannel('always');
    channel._final = (done) => done();
    const ended = run(channel);
    await until(() => channel.listenerCount('exit') > 0);
    channel.emit('exit', null, 'KILL');
    const chatter = setInterval(() => channel.push('still here\n'), 100);
    expect(await ended).toMatchObject({ kind: 'unknown', why: 'killed' });
    clearInterval(chatter);
  });
});
