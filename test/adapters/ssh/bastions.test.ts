import { afterAll, beforeAll, expect, it } from 'vitest';
import { suite } from '../../rig/part.ts';
import { startProxy } from '../../rig/proxy.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { generateKey, missing, startServers } from '../../rig/sshd.ts';
import { calm, failureOf, nth, serverOf, transportsOf } from './opening.ts';

const echo = {
  name: 'greet',
  steps: [{ id: 'say-hello', name: 'say hello', effect: 'reads', run: ['echo', 'hello'] }],
} as const;

suite('bastions', missing(), () => {
  let fixture: TestServers;
  const jump = (index: number) => {
    const { user, host, port } = nth(fixture, index);
    return { user, host, port };
  };

  beforeAll(async () => {
    fixture = await startServers({ count: 4 });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  it('are passed one after the other, and each is opened once for all servers', async () => {
    const before = fixture.servers.map((server) => server.counts().connections);
    await using transports = transportsOf(fixture, { jumps: [jump(0), jump(1)] });
    const open = await Promise.all([2, 3].map((index) => transports.open(serverOf(nth(fixture, index)), calm())));
    const ends = await Promise.all(open.map((transport) => transport.run(echo)));
    await Promise.all(open.map((transport) => transport[Symbol.asyncDispose]()));
    expect(ends.map((end) => end.kind)).toEqual(['succeeded', 'succeeded']);
    expect(fixture.servers.map((server, index) => server.counts().connections - (before[index] ?? 0))).toEqual([
      1, 1, 1, 1,
    ]);
  });

  it('pass a large stream byte for byte', async () => {
    await using transports = transportsOf(fixture, { jumps: [jump(0)] });
    await using transport = await transports.open(serverOf(nth(fixture, 1)), calm());
    const part = Buffer.alloc(1 << 20, 'slipway');
    const stream = async function* () {
      for (let count = 0; count < 8; count += 1) yield part;
    };
    const end = await transport.run(
      { name: 'put', steps: [{ id: 'count', name: 'count', effect: 'reads', input: 'stream', run: ['cksum'] }] },
      { stream },
    );
    const direct = await (async () => {
      await using plain = transportsOf(fixture);
      await using other = await plain.open(serverOf(nth(fixture, 1)), calm());
      return await other.run(
        { name: 'put', steps: [{ id: 'count', name: 'count', effect: 'reads', input: 'stream', run: ['cksum'] }] },
        { stream },
      );
    })();
    expect(end.steps[0]?.output[0]).toMatch(/ 8388608$/);
    expect(end.steps[0]?.output).toEqual(direct.steps[0]?.output);
  });

  it('are verified under their own names, and so is what is behind them', async () => {
    const lines = fixture.knownHosts.split('\n');
    const without = (index: number): string => lines.filter((_, line) => line !== index).join('\n');
    await using one = transportsOf(fixture, { jumps: [jump(0)], knownHosts: without(0) });
    const bastion = await failureOf(one.open(serverOf(nth(fixture, 1)), calm()));
    expect(bastion).toMatchObject({ code: 'HOST_KEY_UNKNOWN', server: 's2' });
    expect(bastion.message).toContain('The bastion');
    await using other = transportsOf(fixture, { jumps: [jump(0)], knownHosts: without(1) });
    const target = await failureOf(other.open(serverOf(nth(fixture, 1)), calm()));
    expect(target.message).toContain('s2 (');
  });

  it('that refuse the login are asked once for all servers', async () => {
    const foreign = generateKey(`${fixture.folder}/foreign`, 'ed25519').privateKey;
    const tries = (): number =>
      nth(fixture, 0)
        .log()
        .match(/Connection from/g)?.length ?? 0;
    const before = tries();
    await using transports = transportsOf(fixture, { jumps: [jump(0)], privateKey: foreign, retries: 2 });
    const failures = await Promise.all(
      [1, 2, 3].map((index) => failureOf(transports.open(serverOf(nth(fixture, index)), calm()))),
    );
    expect(failures.map((failure) => [failure.code, failure.server])).toEqual([
      ['AUTH_REFUSED', 's2'],
      ['AUTH_REFUSED', 's3'],
      ['AUTH_REFUSED', 's4'],
    ]);
    expect(tries()).toBe(before + 1);
  });

  it('that cannot reach the target are told from those that forward nothing', async () => {
    await using transports = transportsOf(fixture, { jumps: [jump(0)] });
    const closed = await failureOf(transports.open(serverOf(nth(fixture, 1), { port: 1 }), calm()));
    expect(closed).toMatchObject({ code: 'UNREACHABLE' });
    expect(closed.message).toContain('cannot be reached from the bastion');
    await using strict = await startServers({ count: 2, config: ['AllowTcpForwarding no'] });
    const { user, host, port } = nth(strict, 0);
    await using others = transportsOf(strict, { jumps: [{ user, host, port }] });
    const forbidden = await failureOf(others.open(serverOf(nth(strict, 1)), calm()));
    expect(forbidden.message).toContain('does not forward connections');
    expect(forbidden.hint).toContain('AllowTcpForwarding');
  });

  it('that break in the middle of a program leave its end unknown, and are opened anew for the next server', async () => {
    await using proxy = await startProxy({ port: nth(fixture, 0).port });
    const knownHosts = `${fixture.knownHosts}[127.0.0.1]:${proxy.port} ${nth(fixture, 0).hostKeys[0]}\n`;
    await using transports = transportsOf(fixture, { jumps: [{ ...jump(0), port: proxy.port }], knownHosts });
    await using transport = await transports.open(serverOf(nth(fixture, 1)), calm());
    const running = transport.run(
      {
        name: 'wait',
        steps: [{ id: 'wait', name: 'wait', effect: 'changes', run: { text: 'echo begun; exec sleep 5', words: [] } }],
      },
      { onEvent: (event) => event.kind === 'output' && proxy.reset() },
    );
    expect(await running).toMatchObject({ kind: 'unknown', why: 'connection lost', during: { name: 'wait' } });
    await using again = await transports.open(serverOf(nth(fixture, 2)), calm());
    expect((await again.run(echo)).kind).toBe('succeeded');
  });
});
