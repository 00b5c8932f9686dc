import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Step } from './process.ts';
import { openStep } from './process.ts';

let step: Step;
beforeEach(() => {
  step = openStep();
});
afterEach(() => step[Symbol.dispose]());

describe('to the runner', () => {
  test('inputs come trimmed, and empty where there are none', async () => {
    const { stdout } = await step.run(
      `runner.line(JSON.stringify([runner.input('stage'), runner.input('known-hosts'), runner.input('none')]))`,
      {
        INPUT_STAGE: ' production ',
        'INPUT_KNOWN-HOSTS': 'a\nb\n',
      },
    );
    expect(JSON.parse(stdout)).toEqual(['production', 'a\nb', '']);
  });

  test('outputs and state are written at once, before a later crash', async () => {
    const { status } = await step.run(
      `runner.output('result', 'two\\nlines'); runner.saveState('plan', '{}'); process.kill(process.pid, 'SIGKILL')`,
    );
    expect(status).not.toBe(0);
    expect(step.file('output')).toMatch(/^result<<(ghadelimiter_\S+)\ntwo\nlines\n\1\n$/);
    expect(step.file('state')).toMatch(/^plan<<(ghadelimiter_\S+)\n\{\}\n\1\n$/);
  });

  test('the state of main is read in post', async () => {
    expect((await step.run(`runner.line(runner.state('plan'))`, { STATE_plan: 'saved' })).stdout).toBe('saved\n');
  });

  test('a failed run is red by its status only, and ends by itself', async () => {
    expect(await step.run(`runner.fail(); runner.line('still here')`)).toEqual({ status: 1, stdout: 'still here\n' });
  });

  test('all is said before the process leaves with its status, whatever still runs', async () => {
    const program = `setInterval(() => undefined, 1000); runner.fail(); for (let at = 0; at < 20_000; at += 1) runner.line('line ' + at); exit()`;
    const { status, stdout } = await step.run(program);
    expect([status, stdout.split('\n').length, stdout.endsWith('line 19999\n')]).toEqual([1, 20_001, true]);
  });

  test('no line can be a workflow command', async () => {
    const { stdout } = await step.run(
      `runner.line('::set-output name=a::b'); runner.line('x ##[error]y\\n  ::error::z'); runner.group('a\\n::error::t', ['::warning::w'])`,
    );
    expect(stdout.split('\n')).toEqual([
      ': :set-output name=a::b',
      'x ## [error]y',
      '  : :error::z',
      '::group::a ::error::t',
      ': :warning::w',
      '::endgroup::',
      '',
    ]);
  });

  test('an annotation carries its text and title as data', async () => {
    const { stdout } = await step.run(`runner.annotate('warning', 'one\\n::error::two', 'a,b::c')`);
    expect(stdout).toBe('::warning title=a%2Cb%3A%3Ac::one%0A::error::two\n');
  });

  test('a value of several lines is masked line by line', async () => {
    const program = `runner.mask(new Secret('both', 'first\\n\\n second%\\r\\n'))`;
    expect((await step.run(program)).stdout).toBe('::add-mask::first\n::add-mask::second%25\n');
  });

  test('what is hidden stands in no line, group, annotation or summary, and in outputs as it is', async () => {
    const { stdout } = await step.run(`await runner.redaction.hide([new Secret('KEY', 's3cr3t::value')], []);
      const text = 'it is s3cr3t::value';
      runner.line(text); runner.line(':' + text); runner.group(text, [text]); runner.annotate('error', text, text);
      await runner.summarize(text); runner.output('key', text);`);
    const lines = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
    expect(lines).toEqual([
      'it is ***',
      ':it is ***',
      '::group::it is ***',
      'it is ***',
      '::endgroup::',
      '::error title=it is ***::it is ***',
      '',
    ]);
    expect(step.file('summary')).toBe('it is ***\n');
    expect(step.file('output')).toContain('it is s3cr3t::value');
  });

  test('a secret comes exactly as it was given, masked before and hidden where it is printed', async () => {
    const program = `const phrase = runner.secret('phrase'); runner.line(phrase + ''); runner.output('it', phrase.reveal())`;
    const { stdout } = await step.run(program, { INPUT_PHRASE: ' correct horse \n' });
    expect(stdout).toBe('::add-mask::correct horse\n[secret: phrase]\n');
    expect(step.file('output')).toContain('\n correct horse \n\n');
  });

  test.each(['', '\n', ' '])('a secret that is %j is none', async (INPUT_KEY) => {
    expect((await step.run(`runner.line(String(runner.secret('key')))`, { INPUT_KEY })).stdout).toBe('undefined\n');
  });

  test('the summary is added to, and one that cannot be written is only told', async () => {
    await step.run(`await runner.summarize('# One'); await runner.summarize('two')`);
    expect(step.file('summary')).toBe('# One\ntwo\n');
    expect(await step.run(`await runner.summarize('x')`, { GITHUB_STEP_SUMMARY: '' })).toEqual({
      status: 0,
      stdout: 'The job summary could not be written.\n',
    });
  });

  test('a summary that GitHub would drop is cut', async () => {
    await step.run(`await runner.summarize('x'.repeat(3_000_000))`);
    expect(step.file('summary').length).toBeLessThan(1024 * 1024);
    expect(step.file('summary')).toContain('cut here');
  });
});
