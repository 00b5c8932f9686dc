import * as core from '@actions/core';
import { ownMasks } from '../../domain/secrets/own-masks.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import { breakCommands, plain } from '../../domain/text/escape.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Runner } from '../../ports/runner.ts';
import { requestIdToken } from './id-token.ts';
import { readJob } from './job.ts';
import { followProxy } from './proxy.ts';

/** GitHub drops a step's whole summary above 1 MiB. */
const summaryLimit = 1_000_000;
const annotationLimit = 4096;

/** The job that this process runs in, and the process's variables for the adapters that need some of them. */
export interface ActionsRunner extends Runner {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Lets `fetch` use the proxy that the job's environment names. */
  followProxy(): void;
}

/** The only reader of the process's environment, and the only writer to its output. */
export function openRunner(clock: Clock, random: Random): ActionsRunner {
  const variables = process.env;
  return {
    variables,
    job: readJob(variables),
    input: (name) => core.getInput(name),
    secret: readSecret,
    output: (name, value) => core.setOutput(name, value),
    saveState: (name, value) => core.saveState(name, value),
    state: (name) => core.getState(name),
    mask,
    line,
    group: (title, lines) => {
      core.startGroup(plain(title));
      lines.forEach(line);
      core.endGroup();
    },
    annotate: (level, text, title) => core[level](text.slice(0, annotationLimit), { title: plain(title, 200) }),
    summarize,
    idToken: (audience) => requestIdToken({ variables, mask, clock, random }, audience),
    fail: () => {
      process.exitCode = 1;
    },
    followProxy: () => followProxy(variables, (text) => line(`Warning: ${text}`)),
  };
}

/**
 * Ends the process with the status that was set, once its output is written.
 * A process that a hook left running outside its group keeps our pipes open, and would block the step until it ends.
 */
export function exit(): void {
  process.stdout.write('', () => process.exit());
}

function line(text: string): void {
  core.info(breakCommands(text));
}

function readSecret(name: string): Secret | undefined {
  const value = core.getInput(name, { trimWhitespace: false });
  for (const part of ownMasks(value)) core.setSecret(part);
  return value.trim() === '' ? undefined : new Secret(name, value);
}

/** The runner masks line by line, so each line of a value is masked. */
function mask(secret: Secret): void {
  for (const part of secret.reveal().split(/[\r\n]+/)) if (part.trim() !== '') core.setSecret(part.trim());
}

/** A summary that cannot be written never makes a deploy fail. */
async function summarize(markdown: string): Promise<void> {
  const bytes = Buffer.from(markdown);
  const whole = bytes.length <= summaryLimit;
  const text = whole
    ? markdown
    : `${bytes.subarray(0, summaryLimit).toString('utf8')}\n\n(The summary was too long and is cut here.)\n`;
  try {
    await core.summary.addRaw(text, true).write();
  } catch {
    core.summary.emptyBuffer();
    line('The job summary could not be written.');
  }
}
