import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redactCommand, redactTransports } from '../../../src/adapters/runner/redacted-output.ts';
import { openRedaction } from '../../../src/adapters/runner/redaction.ts';
import type { RemoteProgram } from '../../../src/domain/remote/program.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import type { Server } from '../../../src/domain/server.ts';
import { breakCommands, markdown, plain } from '../../../src/domain/text/escape.ts';
import { outputLineLimit } from '../../../src/domain/text/output-line.ts';
import type { LocalCommand } from '../../../src/ports/local-command.ts';
import { RecordingTransports } from '../../fakes/recording-transport.ts';
import { anySecret, transforms } from '../../rig/masking.ts';
import { RunnerMasker } from '../../rig/runner-masker.ts';

function open() {
  const told: string[] = [];
  const redaction = openRedaction({ add: (line) => told.push(line), written: async () => undefined });
  return { told, redaction };
}

const secret = (value: string) => new Secret('KEY', value);
const server: Server = {
  name: 's1',
  host: 's1.example',
  port: 22,
  user: 'deploy',
  deployTo: '/srv/shop',
  roles: [],
  labels: {},
  primary: 'ordinary',
  release: 'release',
};
const show: RemoteProgram = {
  name: 'show',
  steps: [{ id: 'show', name: 'show', run: ['cat', 'it'], effect: 'reads' }],
};

describe('a value that is hidden', () => {
  test('is told to the runner as single lines, each once', async () => {
    const { told, redaction } = open();
    await redaction.hide([secret('first line\nsecond line')], []);
    await redaction.hide([secret('second line')], []);
    expect(told.slice(0, 2)).toEqual(['first line', 'second line']);
    expect(told).toEqual([...new Set(told)]);
    expect(told.filter((line) => /[\r\n]/.test(line))).toEqual([]);
  });

  test('is told before it counts as hidden', async () => {
    const order: string[] = [];
    const written = async () => void order.push('written');
    const redaction = openRedaction({ add: () => order.push('told'), written });
    await redaction.hide([secret('s3cr3t')], []);
    order.push('hidden');
    expect([order[0], order.at(-2), order.at(-1)]).toEqual(['told', 'written', 'hidden']);
  });

  test('that is too short or too common stays readable', async () => {
    const { told, redaction } = open();
    await redaction.hide([secret('no'), secret('production'), secret('5432')], []);
    expect([told, redaction.redact('no production on 5432')]).toEqual([[], 'no production on 5432']);
  });

  test('leaves its parts readable that are no secret', async () => {
    const { redaction } = open();
    const level = 'very-verbose';
    await redaction.hide([secret(JSON.stringify({ level, password: 'hunter2hunter2' }))], [secret(level)]);
    expect(redaction.redact('level very-verbose, password hunter2hunter2')).toBe('level very-verbose, password ***');
  });

  test('is hidden up to the end of a text that was cut within it', async () => {
    const { redaction } = open();
    await redaction.hide([secret('correct-horse-battery')], []);
    expect(redaction.redactCut(`${'x'.repeat(500)}correct-hor`)).not.toContain('correct');
  });
});

describe('what is printed', () => {
  test('by a server is redacted before anybody has it: as it comes, at the end, and in what is told of the end', async () => {
    const { redaction } = open();
    await redaction.hide([secret('s3cr3t-value')], []);
    const printed = { fail: 'show', output: ['it is s3cr3t-value', `${'x'.repeat(outputLineLimit - 4)}s3cr`] };
    const transports = redactTransports(new RecordingTransports(() => printed), redaction);
    await using transport = await transports.open(server, new AbortController().signal);
    const seen: string[] = [];
    const end = await transport.run(show, {
      onEvent: (event) => void (event.kind === 'output' && seen.push(event.line)),
    });
    const kept = end.kind === 'failed' ? [...end.at.output, ...end.steps.flatMap(({ output }) => output)] : [];
    expect(seen[0]).toBe('it is ***');
    expect([seen, kept].flat().filter((line) => line.includes('s3cr'))).toEqual([]);
    expect(kept).toHaveLength(4);
  });

  test('by a command on the runner is redacted before anybody has it', async () => {
    const { redaction } = open();
    await redaction.hide([secret('s3cr3t-value')], []);
    const command: LocalCommand = {
      run: async ({ onLine }) => {
        onLine?.('it is s3cr3t-value');
        return { status: 0, ended: 'itself' };
      },
    };
    const seen: string[] = [];
    await redactCommand(command, redaction).run({ words: ['x'], cwd: '/', onLine: (line) => seen.push(line) });
    expect(seen).toEqual(['it is ***']);
  });

  test('holds no value in any form, also where it was escaped for the log or for Markdown in between', async () => {
    await fc.assert(
      fc.asyncProperty(
        anySecret,
        fc.constantFrom(...transforms.filter(({ edge }) => edge === 0)),
        async (value, how) => {
          const { told, redaction } = open();
          await redaction.hide([secret(value)], []);
          const runner = new RunnerMasker();
          for (const line of told) runner.addMask(line);
          const redacted = how
            .print(value)
            .split(/[\r\n]+/)
            .map((line) => redaction.redact(`«${line}»`));
          for (const write of [plain, markdown, breakCommands]) {
            const shown = redacted.map((line) => runner.log(redaction.redact(write(line)))).join('\n');
            const left = shown
              .replaceAll('&#42;', '*')
              .replace(/[«»\n]/g, '')
              .split('***')
              .map((piece) => piece.trim());
            expect(left.filter((piece) => piece.length > 3)).toEqual([]);
          }
        },
      ),
    );
  });
});
