import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/adapters/clock.ts';
import { openLocalCommand } from '../../../src/adapters/runner/local-command.ts';
import { type CommandStore, openCommand } from '../../../src/adapters/stores/command.ts';
import type { SecretStore } from '../../../src/ports/secret-store.ts';
import { at, limits, refusalOf, valuesOf } from './reading.ts';

let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'slipway-command-'));
});
afterEach(() => rmSync(workspace, { recursive: true }));

const patience = { kill: 300, output: 1000, left: 500, leftKill: 300 };
const masked: string[] = [];

/** A store whose command is this script, which gets the locator as `$1`. */
function store(
  script: string,
  more: Partial<CommandStore> = {},
  step: Readonly<Record<string, string>> = {},
): SecretStore {
  const variables = { PATH: process.env['PATH'], ...step };
  return openCommand(
    {
      name: 'op',
      type: 'command',
      run: ['sh', '-c', script, 'sh', '{locator}'],
      env: [],
      output: 'text',
      timeout: 20_000,
      ...more,
    },
    {
      command: openLocalCommand(variables, patience),
      clock: systemClock,
      workspace,
      variables,
      mask: (secret) => masked.push(secret.reveal()),
    },
  );
}

describe('a command as a store', () => {
  it('gives one line, without the one line break at its end', async () => {
    expect(await valuesOf(store('printf "v-%s \\n" "$1"'), 'a')).toEqual(['v-a ']);
    expect(await valuesOf(store('printf %s "$1"'), 'a')).toEqual(['a']);
    expect(await valuesOf(store('printf "%s\\r\\n" "$1"'), 'a')).toEqual(['a']);
  });

  it('gets the locator as a part of one word, which no shell reads', async () => {
    const run: CommandStore['run'] = ['printf', '[%s]', 'op://{locator}', '{locator}={locator}'];
    for (const locator of ['a b', '$(id)', '`id`', "'; id", '"', 'x/{locator}', '$&'])
      expect(await valuesOf(store('', { run }), locator)).toEqual([`[op://${locator}][${locator}=${locator}]`]);
  });

  it('does not get a locator as an option', async () => {
    expect(await valuesOf(store('echo x'), '--all')).toEqual([
      expect.stringMatching(/^REFERENCE_INVALID .*begins with "-"/),
    ]);
    expect(await valuesOf(store('', { run: ['printf', '%s', 'op://{locator}'] }), '-x')).toEqual(['op://-x']);
  });

  it('has the variables that it names, masked first, and nothing else of the step', async () => {
    masked.length = 0;
    const variables = { OP_TOKEN: 't-1', OTHER: 'o', ACTIONS_RUNTIME_TOKEN: 'x' };
    const names = store('env | sed "s/=.*//" | grep -E "TOKEN|OTHER" | tr "\\n" ,', { env: ['OP_TOKEN'] }, variables);
    expect(await valuesOf(names, 'a')).toEqual(['OP_TOKEN,']);
    expect(masked).toEqual(['t-1']);
    expect(await valuesOf(store('echo x', { env: ['OP_TOKEN', 'B'] }, { B: '' }), 'a')).toEqual([
      expect.stringMatching(/^STORE_DENIED The store op needs OP_TOKEN, B/),
    ]);
  });

  it('gives the members of JSON as fields, numbers with all their digits', async () => {
    const json = '{"a": "x\\ny", "n": 12345678901234567890, "l": [1, 2.50], "none": null, "t": true}\n';
    expect(await valuesOf(store(`cat <<'E'\n${json}E`, { output: 'json' }), 'a')).toEqual([
      { a: 'x\ny', n: '12345678901234567890', l: '[1,2.50]', t: 'true' },
    ]);
    expect(await valuesOf(store('echo \'"text"\'', { output: 'json' }), 'a')).toEqual(['text']);
  });

  it('may print a long value and JSON on many lines', async () => {
    const long = 'x'.repeat(200_000);
    expect(await valuesOf(store('head -c 200000 /dev/zero | tr "\\0" x'), 'a')).toEqual([long]);
    const printed = 'printf \'{\\n  "a":\\n"\'; head -c 200000 /dev/zero | tr "\\0" x; printf \'"\\n}\\n\'';
    expect(await valuesOf(store(printed, { output: 'json' }), 'a')).toEqual([{ a: long }]);
  });

  it('is run once for a place that several references share', async () => {
    const counting = store('echo "$1" >> runs; echo v');
    expect(await valuesOf(counting, 'a', 'b', 'a')).toEqual(['v', 'v', 'v']);
    expect(readFileSync(join(workspace, 'runs'), 'utf8').trim().split('\n').sort()).toEqual(['a', 'b']);
  });

  it('is checked without giving a value', async () => {
    expect(await store('echo v').check([at('a')], limits)).toMatchObject([
      { entries: [{ content: { kind: 'not read' } }] },
    ]);
  });

  it('gives one secret, in no version', async () => {
    const pinned = await store('echo v').read([at('a/**'), at('a', { version: '1' }), at('a', { stage: 'x' })], limits);
    expect(pinned.map((answer) => 'failure' in answer && answer.failure.code)).toEqual(
      Array(3).fill('REFERENCE_INVALID'),
    );
  });
});

describe('a command that gives no secret', () => {
  it('is told with its status and what it says, on one line', async () => {
    const [told] = await valuesOf(store('echo "no item\n::error::x" >&2; exit 3'), 'a');
    expect(told).toBe('SECRET_MISSING The command for file://a ends with 3 and says: no item ::error::x');
    expect(await valuesOf(store('exit 1'), 'a')).toEqual([
      'SECRET_MISSING The command for file://a ends with 1 and says nothing',
    ]);
  });

  it('is told without its variables and what it has printed', async () => {
    const script = 'echo "val-ue"; echo "bad token $OP_TOKEN for val-ue" >&2; exit 1';
    const [told] = await valuesOf(store(script, { env: ['OP_TOKEN'] }, { OP_TOKEN: 't-secret' }), 'a');
    expect(told).toMatch(/says: bad token \*\*\* for \*\*\*$/);
  });

  it('is told at most in part where it says much', async () => {
    const [told] = await valuesOf(store('head -c 100000 /dev/zero | tr "\\0" x >&2; exit 1'), 'a');
    expect(String(told).length).toBeLessThan(600);
  });

  it.each([
    ['echo', 'text', /^SECRET_MISSING .* printed nothing/],
    ['echo null', 'json', /^SECRET_MISSING .* printed an empty value/],
    ['echo {}', 'json', /^SECRET_MISSING .* printed an empty value/],
    ['printf "s3cret\\nline"', 'text', /^STORE_INVALID .* printed several lines\.$/],
    ['echo s3cret', 'json', /^STORE_INVALID .* printed no JSON\.$/],
    ['printf "\\377"', 'text', /^STORE_INVALID .* printed bytes that are no text\.$/],
    ['yes s3cret', 'text', /^STORE_INVALID .* printed more than 1 MiB\.$/],
  ] as const)('is told without its output: %s', async (script, output, message) => {
    const refused = async () => {
      const [value] = await valuesOf(store(script, { output }), 'db');
      return value;
    };
    expect(await refused().catch(() => refusalOf(store(script, { output })))).toMatch(message);
  });

  it('is ended when its time is over, and when the run is cancelled', async () => {
    expect(await refusalOf(store('sleep 60', { timeout: 200 }))).toBe(
      'STORE_UNAVAILABLE The command for file://db did not end in time.',
    );
    const signal = AbortSignal.timeout(200);
    await expect(store('sleep 60').read([at('a')], { ...limits, signal })).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  it('has no more time than the deadline leaves', async () => {
    const soon = { ...limits, deadline: new Date(Date.now() + 200) };
    await expect(store('sleep 60').read([at('a')], soon)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('is named where the runner does not have it', async () => {
    expect(await refusalOf(store('', { run: ['slipway-no-such-program', '{locator}'] }))).toBe(
      'RUNNER_UNFIT The runner has no `slipway-no-such-program`, which the store op needs.',
    );
  });
});
