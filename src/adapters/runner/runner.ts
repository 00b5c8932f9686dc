import * as core from '@actions/core';
import { ownMasks } from '../../domain/secrets/own-masks.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import { breakCommands, plain } from '../../domain/text/escape.ts';
import type { Clock, Random } from '../../ports/clock.ts';
import type { Runner } from '../../ports/runner.ts';
import type { Redaction } from '../../ports/secret-stores.ts';
import { requestIdToken } from './id-token.ts';
import { readJob } from './job.ts';
import { followProxy } from './proxy.ts';
import { type JobRedaction, openRedaction } from './redaction.ts';

/** GitHub drops a step's whole summary above 1 MiB. */
const summaryLimit = 1_000_000;
const annotationLimit = 4096;

/** The job that this process runs in, and the process's variables for the adapters that need some of them. */
export interface ActionsRunner extends Runner {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Lets `fetch` use the proxy that the job's environment names. */
  followProxy(): void;
  /** Gives later steps of the job a variable, whatever lines its value has. */
  exportVariable(name: string, value: Secret): void;
  /** What all that is written here passes, but outputs and state. */
  readonly redaction: Redaction;
}

/** The only reader of the process's environment, and the only writer to its output. */
export function openRunner(clock: Clock, random: Random): ActionsRunner {
  const variables = process.env;
  const redaction = openRedaction({ add: core.setSecret, written });
  const line = (text: string): void => printLine(text, redaction);
  const mask = (secret: Secret): void => redaction.hideLines(maskedLines(secret.reveal()));
  return {
    variables,
    redaction,
    job: readJob(variables),
    input: (name) => core.getInput(name),
    secret: (name) => readSecret(name, redaction),
    output: (name, value) => core.setOutput(name, value),
    exportVariable: (name, value) => core.exportVariable(name, value.reveal()),
    saveState: (name, value) => core.saveState(name, value),
    state: (name) => core.getState(name),
    mask,
    line,
    group: (title, lines) => {
      core.startGroup(plain(redaction.redact(title)));
      lines.forEach(line);
      core.endGroup();
    },
    annotate: (level, text, title) =>
      core[level](redaction.redact(text).slice(0, annotationLimit), { title: plain(redaction.redact(title), 200) }),
    summarize: (markdown) => summarize(redaction.redact(markdown), line),
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
  void written().then(() => process.exit());
}

/** Redacted before a command is broken up, and after: a value that holds `::` would else come out of it in another form. */
function printLine(text: string, redaction: JobRedaction): void {
  core.info(redaction.redact(breakCommands(redaction.redact(text))));
}

/** Resolves when everything that was written to the log has left this process. */
function written(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => resolve());
  });
}

function readSecret(name: string, redaction: JobRedaction): Secret | undefined {
  const value = core.getInput(name, { trimWhitespace: false });
  redaction.hideLines(ownMasks(value));
  return value.trim() === '' ? undefined : new Secret(name, value);
}

/** The runner masks line by line, so each line of a value is masked. */
function maskedLines(value: string): readonly string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

/** A summary that cannot be written never makes a deploy fail. */
async function summarize(markdown: string, line: (text: string) => void): Promise<void> {
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
