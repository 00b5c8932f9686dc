import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChannelEnd, ProgramEnd } from '../../../src/domain/remote/end.ts';
import { ProgramCollector } from '../../../src/domain/remote/end.ts';
import { FrameReader } from '../../../src/domain/remote/frames.ts';
import type { RemoteProgram, Step } from '../../../src/domain/remote/program.ts';
import { cutStatus, launcher, loader, loaderHead, renderProgram } from '../../../src/domain/remote/program.ts';
import { lacking, suite } from '../../rig/part.ts';
import { type RemoteShell, shellFolder } from '../../rig/shells.ts';

const token = 'f'.repeat(32);

interface Delivery {
  /** Bytes of the program that arrive; then the channel ends. */
  readonly cut?: number;
  readonly stream?: Buffer;
  /** `waiting`: the session was started before, with the loader. */
  readonly session?: 'waiting';
}

for (const shell of ['dash', 'busybox', 'bash'] as const) {
  suite(`a program on ${shell}`, lacking(shell), () => {
    let folder: string;

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'slipway-program-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    /** Starts the exec line as sshd does and feeds it as the transport does. */
    function run(
      steps: readonly Step[],
      delivery: Delivery = {},
      program: Partial<RemoteProgram> = {},
    ): Promise<ProgramEnd> {
      return execute({ name: 'test', steps, ...program }, delivery, shell, folder);
    }

    it('ends with the reports of its steps and its facts', async () => {
      const end = await run([
        { id: 'words', name: 'words', effect: 'reads', run: ['printf', '%s|', "it's", '$HOME', 'a b'] },
        {
          id: 'fact',
          name: 'fact',
          effect: 'reads',
          run: { text: 'text key "$1"; text empty ""', words: ['two\nlines\n'] },
        },
        { id: 'place', name: 'place', effect: 'reads', run: ['pwd'], cwd: '/' },
        {
          id: 'environment',
          name: 'environment',
          effect: 'reads',
          run: { text: 'printf %s "$GREETING"', words: [] },
          env: { GREETING: "it's $fine" },
        },
      ]);
      expect(end.kind).toBe('succeeded');
      expect(end.steps.map((step) => step.output)).toEqual([["it's|$HOME|a b|"], [], ['/'], ["it's $fine"]]);
      expect([...end.facts]).toEqual([
        ['key', 'two\nlines\n'],
        ['empty', ''],
      ]);
    });

    it('reports nothing of a file that goes away while it is read', async () => {
      const file = join(folder, 'fleeting');
      writeFileSync(file, 'here');
      const text = 'cat() { rm -f "$1"; command cat "$1"; }; file owner "$1"; text after yes';
      const end = await run([{ id: 'look', name: 'look', effect: 'reads', run: { text, words: [file] } }]);
      expect(end.kind).toBe('succeeded');
      expect([...end.facts]).toEqual([
        ['owner', ''],
        ['after', 'yes'],
      ]);
    });

    it('does nothing at all when it arrives cut, wherever that is', async () => {
      const mark = join(folder, 'ran');
      const steps: readonly Step[] = [
        { id: 'mark', name: 'mark', effect: 'changes', run: { text: 'echo "$1" >"$1"', words: [mark] } },
      ];
      const length = Buffer.byteLength(renderProgram({ name: 'test', steps }, token));
      const lengths = [0, 1, 40, Math.floor(length / 2), length - 30, length - 8, length - 2, length - 1];
      for (const cut of lengths)
        expect(await run(steps, { cut })).toMatchObject({ kind: 'unknown', why: 'cut', steps: [] });
      expect(() => readFileSync(mark)).toThrow();
      expect((await run(steps)).kind).toBe('succeeded');
    });

    it('runs in a session that has waited for it, whatever its length, and leaves the payload to the step that asks for it', async () => {
      const payload = randomBytes(1 << 16);
      const path = join(folder, 'waited');
      const long = 'é'.repeat(40_000);
      const steps: readonly Step[] = [
        {
          id: 'long',
          name: 'long',
          effect: 'reads',
          run: { text: 'printf %s "$1" | wc -c | tr -d " "', words: [long] },
        },
        { id: 'stores', name: 'stores', effect: 'changes', run: { text: 'cat >"$1"', words: [path] }, input: 'stream' },
      ];
      const end = await run(steps, { stream: payload, session: 'waiting' });
      expect(end).toMatchObject({ kind: 'succeeded', steps: [{ output: ['80000'] }, { output: [] }] });
      expect(readFileSync(path).equals(payload)).toBe(true);
    });

    it('does nothing at all when it arrives cut in a session that has waited for it', async () => {
      const mark = join(folder, 'waited-ran');
      const steps: readonly Step[] = [
        { id: 'mark', name: 'mark', effect: 'changes', run: { text: 'echo "$1" >"$1"', words: [mark] } },
      ];
      const length = 8 + Buffer.byteLength(renderProgram({ name: 'test', steps }, token));
      for (const cut of [0, 5, 8, 9, Math.floor(length / 2), length - 1])
        expect(await run(steps, { cut, session: 'waiting' })).toMatchObject({ kind: 'unknown', why: 'cut', steps: [] });
      expect(() => readFileSync(mark)).toThrow();
      expect((await run(steps, { session: 'waiting' })).kind).toBe('succeeded');
    });

    it('gives a step that reads nothing, and the payload to the one that asks for it', async () => {
      const payload = randomBytes(1 << 20);
      const path = join(folder, 'payload');
      const end = await run(
        [
          {
            id: 'reads',
            name: 'reads',
            effect: 'reads',
            run: { text: 'cat; read -r word || echo nothing; exec cat', words: [] },
          },
          {
            id: 'stores',
            name: 'stores',
            effect: 'changes',
            run: { text: 'cat >"$1"', words: [path] },
            input: 'stream',
          },
          { id: 'reads-again', name: 'reads again', effect: 'reads', run: ['cat'] },
        ],
        { stream: payload },
      );
      expect(end.kind).toBe('succeeded');
      expect(end.steps.map((step) => step.output)).toEqual([['nothing'], [], []]);
      expect(createHash('sha256').update(readFileSync(path)).digest('hex')).toBe(
        createHash('sha256').update(payload).digest('hex'),
      );
    });

    it('holds no descriptor of the stream open in other steps', async () => {
      const end = await run([
        {
          id: 'look',
          name: 'look',
          effect: 'reads',
          run: { text: 'if { true <&3; } 2>/dev/null; then echo open; else echo closed; fi', words: [] },
        },
      ]);
      expect(end.steps[0]?.output).toEqual(['closed']);
    });

    it('stops at the first failure, but notes what may fail and always does what must be done', async () => {
      const end = await run([
        { id: 'noted', name: 'noted', effect: 'reads', run: ['false'], policy: 'note' },
        { id: 'fails', name: 'fails', effect: 'reads', run: { text: 'echo "why" >&2; exit 3', words: [] } },
        { id: 'not-run', name: 'not run', effect: 'reads', run: ['true'] },
        { id: 'always', name: 'always', effect: 'reads', run: ['true'], policy: 'always' },
        { id: 'only-then', name: 'only then', effect: 'reads', run: ['true'], policy: 'failed' },
      ]);
      expect(end).toMatchObject({ kind: 'failed', at: { step: { name: 'fails' }, status: 3, output: ['why'] } });
      expect(end.steps.map((step) => step.step.name)).toEqual(['noted', 'fails', 'always', 'only then']);
    });

    it('leaves out what is only for a failure where nothing has failed', async () => {
      const end = await run([
        { id: 'noted', name: 'noted', effect: 'reads', run: ['false'], policy: 'note' },
        { id: 'only-after-a-failure', name: 'only after a failure', effect: 'reads', run: ['true'], policy: 'failed' },
        { id: 'last', name: 'last', effect: 'reads', run: ['true'] },
      ]);
      expect(end.kind).toBe('succeeded');
      expect(end.steps.map((step) => step.step.name)).toEqual(['noted', 'last']);
    });

    it('fails a fragment at its first command that fails, and at an unset variable', async () => {
      const end = await run([
        {
          id: 'command',
          name: 'command',
          effect: 'reads',
          run: { text: 'false; echo reached', words: [] },
          policy: 'note',
        },
        {
          id: 'variable',
          name: 'variable',
          effect: 'reads',
          run: { text: 'echo "$unset_here"; echo reached', words: [] },
          policy: 'note',
        },
      ]);
      expect(end.steps.map((step) => [step.status === 0, step.output.includes('reached')])).toEqual([
        [false, false],
        [false, false],
      ]);
    });

    it('reports the death of a step by a signal, and goes on to its end', async () => {
      const end = await run([{ id: 'dies', name: 'dies', effect: 'reads', run: ['sh', '-c', 'kill -9 $$'] }]);
      expect(end).toMatchObject({ kind: 'failed', at: { status: 137 } });
    });

    it('is called killed when it dies itself', async () => {
      const end = await run([
        {
          id: 'kills-the-program',
          name: 'kills the program',
          effect: 'reads',
          run: { text: 'kill -9 $$; sleep 1', words: [] },
        },
      ]);
      expect(end).toMatchObject({ kind: 'unknown', why: 'killed', during: { name: 'kills the program' } });
    });

    it('names a step that left a process behind which holds its output', async () => {
      const end = await run([
        {
          id: 'quiet',
          name: 'quiet',
          effect: 'reads',
          run: { text: 'sleep 3 >/dev/null 2>&1 &', words: [] },
          kind: 'hook',
        },
        { id: 'daemon', name: 'daemon', effect: 'reads', run: { text: 'sleep 3 &', words: [] }, kind: 'hook' },
      ]);
      expect(end.kind).toBe('succeeded');
      expect(end.leftRunning.map((step) => step.name)).toEqual(['daemon']);
    });

    it('does not change anything once the lock is not ours any more', async () => {
      const lock = mkdtempSync(join(folder, 'lock-'));
      const fence = { lock, token: 'mine', owner: '{"token":"mine"' };
      writeFileSync(join(lock, 'owner.json'), '{"token":"mine"}\n');
      const end = await run(
        [
          { id: 'allowed', name: 'allowed', effect: 'changes', run: ['true'] },
          {
            id: 'loses',
            name: 'loses',
            effect: 'reads',
            run: { text: 'printf \'{"token":"theirs"}\\n\' >"$1"', words: [join(lock, 'owner.json')] },
          },
          { id: 'reads', name: 'reads', effect: 'reads', run: ['true'] },
          { id: 'forbidden', name: 'forbidden', effect: 'changes', run: ['touch', join(folder, 'forbidden')] },
          {
            id: 'also-forbidden',
            name: 'also forbidden',
            effect: 'changes',
            run: ['touch', join(folder, 'forbidden')],
            policy: 'always',
          },
        ],
        {},
        { fence },
      );
      expect(end).toMatchObject({ kind: 'lock lost' });
      expect(end.steps.map((step) => step.step.name)).toEqual(['allowed', 'loses', 'reads']);
      expect(() => readFileSync(join(folder, 'forbidden'))).toThrow();
    });

    it('writes its process group under the lock that it holds', async () => {
      const lock = mkdtempSync(join(folder, 'lock-'));
      writeFileSync(join(lock, 'owner.json'), '{"token":"mine"}\n');
      const end = await run(
        [{ id: 'change', name: 'change', effect: 'changes', run: ['true'] }],
        {},
        { fence: { lock, token: 'mine', owner: '{"token":"mine"' } },
      );
      expect(JSON.parse(readFileSync(join(lock, 'owner.json'), 'utf8'))).toEqual({
        token: 'mine',
        group: end.group?.id,
        started: end.group?.started,
      });
      expect(end.group?.id).toMatch(/^[1-9]\d*$/);
      expect(end.group?.started).toMatch(/^[1-9]\d*$/);
    });
  });
}

describe('the verdict on a program', () => {
  const closed: ChannelEnd = { code: 0, signal: undefined, connection: 'open', noise: '' };

  it('is never success without the final frame', () => {
    for (const heard of [
      { kind: 'group', group: { id: '77', started: '5' } },
      { kind: 'fact', key: 'disk', value: 'x' },
    ] as const) {
      const record = new ProgramCollector();
      record.add(heard);
      expect(record.end(closed, cutStatus)).toMatchObject({ kind: 'unknown', why: 'unfinished' });
    }
  });

  it('tells where something else ran in its place', () => {
    expect(new ProgramCollector().end(closed, cutStatus)).toMatchObject({ kind: 'unknown', why: 'refused' });
  });

  it('is never success without an exit status', () => {
    const record = new ProgramCollector();
    record.add({ kind: 'done', status: 0 });
    expect(record.end({ ...closed, code: undefined }, cutStatus)).toMatchObject({
      kind: 'unknown',
      why: 'connection lost',
    });
  });

  it('is unfinished, not lost, where what we sent broke off', () => {
    expect(
      new ProgramCollector().end({ ...closed, code: undefined, connection: 'closed by us' }, cutStatus),
    ).toMatchObject({ why: 'unfinished' });
  });
});

describe('the exec line of a program', () => {
  it('holds the length and no value', () => {
    expect(launcher(4711)).toBe(
      `sh -c 'LC_ALL=C; p=$(dd bs=1 count=4711 2>/dev/null; echo .); [ \${#p} -eq 4712 ] || exit 97; eval "\${p%.}"'`,
    );
  });

  it('runs the whole program as another user', () => {
    expect(launcher(1, 'shop')).toMatch(/^sudo -n -u shop -- sh -c '/);
  });
});

function execute(program: RemoteProgram, delivery: Delivery, shell: RemoteShell, folder: string): Promise<ProgramEnd> {
  const bare = Buffer.from(renderProgram(program, token));
  const waiting = delivery.session === 'waiting';
  const text = waiting ? Buffer.concat([Buffer.from(loaderHead(bare.length)), bare]) : bare;
  const env = { PATH: `${shellFolder(folder, shell)}:${process.env['PATH'] ?? ''}`, HOME: folder };
  const child = spawn('sh', ['-c', launcher(waiting ? loader.length : text.length)], {
    env,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const reader = new FrameReader(token, program.steps);
  const record = new ProgramCollector();
  const noise: string[] = [];
  child.stdin.on('error', () => undefined);
  if (waiting) child.stdin.write(loader);
  child.stdin.write(text.subarray(0, delivery.cut ?? text.length));
  child.stdin.end(delivery.stream);
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    for (const event of reader.feed(chunk)) record.add(event);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => noise.push(chunk));
  return new Promise((resolve) => {
    child.once('exit', (code, signal) =>
      setTimeout(() => {
        for (const event of reader.rest()) record.add(event);
        child.stdout.destroy();
        child.stderr.destroy();
        resolve(
          record.end(
            { code: code ?? undefined, signal: signal ?? undefined, connection: 'open', noise: noise.join('') },
            cutStatus,
          ),
        );
      }, 50),
    );
  });
}
