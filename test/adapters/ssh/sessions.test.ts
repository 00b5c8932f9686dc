import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../../src/adapters/ssh/connection.ts';
import { PreopenedSessions } from '../../../src/adapters/ssh/sessions.ts';
import type { ExecChannel } from '../../../src/adapters/ssh/ssh2.ts';
import type { RemoteProgram } from '../../../src/domain/remote/program.ts';
import { suite } from '../../rig/part.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { missing, startServers } from '../../rig/sshd.ts';
import { calm, nth, serverOf, transportsOf } from './opening.ts';

function echo(text: string): RemoteProgram {
  return { name: 'greet', steps: [{ id: 'say', name: 'say', effect: 'reads', run: ['echo', text] }] };
}

suite('a waiting session', missing(), () => {
  let fixture: TestServers;
  beforeAll(async () => {
    fixture = await startServers({ count: 2, config: [] });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it('runs the program that was announced, one exec for each', async () => {
    const server = nth(fixture, 0);
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(server), calm());
    for (const [index, text] of ['one', 'two', 'three'].entries()) {
      const end = await transport.run(echo(text), { ahead: 2 - index });
      expect(end).toMatchObject({ kind: 'succeeded', steps: [{ output: [text] }] });
    }
    expect(server.counts()).toEqual({ connections: 1, execs: 3 });
  });

  it('is one of two at the most, and the oldest is given first', async () => {
    const server = nth(fixture, 1);
    const before = server.counts().execs;
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(server), calm());
    await transport.run(echo('one'), { ahead: 5 });
    for (const text of ['two', 'three', 'four'])
      expect((await transport.run(echo(text))).steps[0]?.output).toEqual([text]);
    expect(server.counts().execs - before).toBe(4);
  });

  it('that the server refuses does no harm', async () => {
    await using narrow = await startServers({ count: 1, config: ['MaxSessions 2'] });
    await using transports = transportsOf(narrow);
    await using transport = await transports.open(serverOf(nth(narrow, 0)), calm());
    for (const text of ['one', 'two', 'three', 'four'])
      expect((await transport.run(echo(text), { ahead: 2 })).steps[0]?.output).toEqual([text]);
  });

  it('is used by the program itself where they leave no room for it', async () => {
    await using narrow = await startServers({ count: 1, config: ['MaxSessions 2'] });
    await using transports = transportsOf(narrow);
    await using transport = await transports.open(serverOf(nth(narrow, 0)), calm());
    await transport.run(echo('one'));
    // Until its session is free again.
    await sleep(500);
    for (const text of ['two', 'three'])
      expect((await transport.run(echo(text), { ahead: 2 })).steps[0]?.output).toEqual([text]);
  });

  it('takes a program of any length', async () => {
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 1)), calm());
    const long = 'é'.repeat(50_000);
    const program: RemoteProgram = {
      name: 'count',
      steps: [{ id: 'count', name: 'count', effect: 'reads', run: { text: 'printf %s "$1" | wc -c', words: [long] } }],
    };
    expect(await transport.run(program)).toMatchObject({ kind: 'succeeded', steps: [{ output: ['100000'] }] });
  });

  it('gives the stream behind the program whole', async () => {
    await using transports = transportsOf(fixture);
    await using transport = await transports.open(serverOf(nth(fixture, 1)), calm());
    const bytes = Buffer.from('\n\nstream \u001e end');
    const program: RemoteProgram = {
      name: 'count',
      steps: [{ id: 'read', name: 'read', effect: 'reads', input: 'stream', run: ['od', '-An', '-tx1', '-v'] }],
    };
    const end = await transport.run(program, {
      stream: async function* () {
        yield bytes;
      },
    });
    expect(end.steps[0]?.output.join(' ').trim().split(/\s+/).join('')).toBe(bytes.toString('hex'));
  });
});

describe('a session that ends while it waits', () => {
  function connection(channel: PassThrough): Connection {
    return {
      lost: undefined,
      onLost: () => () => undefined,
      exec: () =>
        Promise.resolve({
          kind: 'open',
          channel: Object.assign(channel, { close: () => undefined }) as unknown as ExecChannel,
        }),
      forward: () => Promise.reject(new Error('not asked for')),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  it('is given to no program', async () => {
    const channel = new PassThrough();
    const sessions = new PreopenedSessions(connection(channel), undefined);
    sessions.prepare(1);
    await Promise.resolve();
    await Promise.resolve();
    channel.emit('exit', 1);
    expect(await sessions.take(Buffer.from('true\n'), undefined)).toBeUndefined();
  });

  it('is given, as long as it waits, with the length before the program', async () => {
    const channel = new PassThrough();
    const sessions = new PreopenedSessions(connection(channel), undefined);
    sessions.prepare(1);
    const taken = await sessions.take(Buffer.from('true\n'), undefined);
    expect(taken?.channel).toBe(channel);
    expect(taken?.text.toString()).toBe('xxxxxxx5true\n');
  });
});
