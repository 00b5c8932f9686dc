import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProgramEvent } from '../../../src/domain/remote/frames.ts';
import { FrameReader } from '../../../src/domain/remote/frames.ts';
import type { Step } from '../../../src/domain/remote/program.ts';
import { runs } from '../../rig/runs.ts';

const token = 'a'.repeat(32);
const steps: readonly Step[] = [
  { id: 'one', name: 'one', effect: 'reads', run: ['true'] },
  { id: 'two', name: 'two', effect: 'reads', run: ['true'] },
];
const frame = (text: string): string => `\n\x1e${token} ${text}\n`;

function read(chunks: readonly string[]): ProgramEvent[] {
  const reader = new FrameReader(token, steps);
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.rest()];
}

const whole = [
  'motd\n',
  frame('group 12 345'),
  frame('step 0'),
  'line 1\nline 2\n',
  frame('text key'),
  'value\n\nwith\n',
  frame('close'),
  'no newline',
  frame('end 0 0'),
  frame('step 1'),
  '\n\n',
  frame('left 1'),
  frame('end 1 3'),
  frame('done 1'),
].join('');

describe('the frames of a program', () => {
  it('are read as events, with output by step', () => {
    expect(read([whole])).toEqual([
      { kind: 'output', step: undefined, line: 'motd' },
      { kind: 'group', group: { id: '12', started: '345' } },
      { kind: 'step', step: steps[0] },
      { kind: 'output', step: steps[0], line: 'line 1' },
      { kind: 'output', step: steps[0], line: 'line 2' },
      { kind: 'fact', key: 'key', value: 'value\n\nwith\n' },
      { kind: 'output', step: steps[0], line: 'no newline' },
      { kind: 'end', step: steps[0], status: 0 },
      { kind: 'step', step: steps[1] },
      { kind: 'output', step: steps[1], line: '' },
      { kind: 'output', step: steps[1], line: '' },
      { kind: 'left running', step: steps[1] },
      { kind: 'end', step: steps[1], status: 3 },
      { kind: 'done', status: 1 },
    ]);
  });

  it('give the same events however the text is cut', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '\n',
        'a',
        'b\n',
        '\x1e',
        `\n\x1e${token}`,
        `\n\x1e${'b'.repeat(32)} step 1\n`,
        frame('step 0'),
        frame('end 0 0'),
        frame('text k'),
        frame('close'),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(400), { maxLength: 12 }), (parts, cuts) => {
        const text = parts.join('');
        const points = [
          0,
          ...cuts.map((cut) => cut % (text.length + 1)).sort((one, other) => one - other),
          text.length,
        ];
        const chunks = points.slice(1).map((point, index) => text.slice(points[index], point));
        expect(read(chunks)).toEqual(read([text]));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('give the last line at once, although its newline could begin a frame', () => {
    const reader = new FrameReader(token, steps);
    reader.feed(frame('step 0'));
    expect(reader.feed('waiting\n')).toEqual([{ kind: 'output', step: steps[0], line: 'waiting' }]);
  });

  it('of another token are a value or output, never a frame', () => {
    const forged = `\n\x1e${'b'.repeat(32)} done 0\n`;
    expect(read([frame('text k') + forged + frame('close')])).toEqual([{ kind: 'fact', key: 'k', value: forged }]);
    expect(read([forged]).some((event) => event.kind === 'done')).toBe(false);
  });

  it('close a fact that its step left open, so that later output is not taken for its value', () => {
    const events = read([
      frame('step 0'),
      frame('text k'),
      'half',
      frame('end 0 137'),
      frame('step 1'),
      'out\n',
      frame('end 1 0'),
    ]);
    expect(events.some((event) => event.kind === 'fact')).toBe(false);
    expect(events).toContainEqual({ kind: 'output', step: steps[1], line: 'out' });
  });

  it('cut a line without end and keep what comes after it', () => {
    const events = read([frame('step 0'), 'x'.repeat(100_000), '\nnext\n', frame('end 0 0')]);
    const lines = events.flatMap((event) => (event.kind === 'output' ? [event.line] : []));
    expect(lines.map((line) => line.length)).toEqual([16 * 1024, 4]);
  });
});
