import { Failure } from '../failure.ts';
import type { ProgramEnd, StepEnd } from '../remote/end.ts';
import { duration } from '../text/duration.ts';
import { plain } from '../text/escape.ts';
import { readRoom } from '../tree/facts.ts';

export interface Circumstances {
  readonly server: string;
  readonly program: string;
  readonly ended: Ended;
  /** The user as whom `sudo` was to run it, if any. */
  readonly become?: string | undefined;
}

/** Whether we ended the program ourselves, and why; with the limit in milliseconds. */
export type Ended = { readonly why: 'itself' } | { readonly why: 'cancelled' } | Overdue;
export type Overdue = { readonly why: 'time limit' | 'silence'; readonly limit: number };

/** Bytes and inodes below which a failed step is attributed to a full disk. */
const nearlyFull = { bytes: 64 * 1024, inodes: 4 };

/** The failure that a program's end is; `undefined`: it succeeded. */
export function failureFrom(end: ProgramEnd, circumstances: Circumstances): Failure | undefined {
  const { server, program } = circumstances;
  switch (end.kind) {
    case 'succeeded':
      return undefined;
    case 'lock lost':
      return new Failure('LOCK_LOST', `the lock was taken by another run before the step: ${end.before.name}`, {
        server,
      });
    case 'failed':
      return (
        stepFailure(end.at, circumstances) ??
        roomFailure(end, circumstances) ??
        meaning(end.at, circumstances) ??
        new Failure('STEP_FAILED', `the step failed: ${end.at.step.name} (${program}): ${statusText(end.at.status)}`, {
          server,
        })
      );
    case 'unknown':
      return unknownFailure(end, circumstances);
  }
}

/** An exit status in words: `exit status 3`, or the signal that ended the command. */
export function statusText(status: number): string {
  const names: Readonly<Record<number, string>> = {
    1: 'SIGHUP',
    2: 'SIGINT',
    6: 'SIGABRT',
    9: 'SIGKILL',
    11: 'SIGSEGV',
    13: 'SIGPIPE',
    15: 'SIGTERM',
  };
  if (status <= 128) return `exit status ${status}`;
  return `killed by ${names[status - 128] ?? `signal ${status - 128}`}${status === 137 ? ', perhaps because memory ran out' : ''}`;
}

function stepFailure(at: StepEnd, { server, ended }: Circumstances): Failure | undefined {
  const hook = at.step.kind === 'hook';
  switch (ended.why) {
    case 'itself':
      break;
    case 'cancelled':
      return new Failure('CANCELLED', `cancelled during ${at.step.name}; the step was ended with its process group`, {
        server,
      });
    case 'time limit':
    case 'silence':
      return hook
        ? hookTimeout(`the hook ${at.step.name}`, ended, server)
        : stepTimeout(at.step.name, ended.limit, server);
  }
  if (hook) return new Failure('HOOK_FAILED', `the hook ${at.step.name} failed: ${statusText(at.status)}`, { server });
  return undefined;
}

function hookTimeout(what: string, { why, limit }: Overdue, server: string): Failure {
  if (why === 'time limit')
    return new Failure(
      'HOOK_TIMEOUT',
      `${what} took longer than ${duration(limit)} and was ended with its process group`,
      { server },
    );
  const hint =
    'Let the hook print how far it is, raise `limits.idle_timeout`, or find out why it hangs. Whatever left its session, as under systemd, docker or `setsid`, is still running.';
  return new Failure(
    'HOOK_TIMEOUT',
    `${what} printed nothing for ${duration(limit)} and was ended with its process group`,
    { server, hint },
  );
}

function stepTimeout(what: string, limit: number, server: string): Failure {
  const hint =
    'Find out why that server is slow, or raise `limits.command_timeout` and, for steps of the switch, `strategy.host_deadline`.';
  return new Failure('STEP_FAILED', `${what} took longer than ${duration(limit)} and was ended`, { server, hint });
}

/** A step with a code of its own prints on its first line what is wrong; a death by signal is not that failure. */
function meaning({ step, status, output }: StepEnd, { server }: Circumstances): Failure | undefined {
  if (step.means === undefined || status > 128) return undefined;
  return new Failure(
    step.means,
    `the files on the server are not the files that were sent: ${plain(output[0] ?? statusText(status), 300)}`,
    {
      server,
    },
  );
}

function roomFailure(end: Extract<ProgramEnd, { kind: 'failed' }>, { server }: Circumstances): Failure | undefined {
  const { bytes, inodes } = readRoom(end.facts);
  const full = [
    ...(bytes !== undefined && bytes < nearlyFull.bytes ? ['space'] : []),
    ...(inodes !== undefined && inodes < nearlyFull.inodes ? ['inodes'] : []),
  ];
  return full.length === 0
    ? undefined
    : new Failure(
        'DISK_FULL',
        `the file system of deploy_to ran out of ${full.join(' and ')} during ${end.at.step.name}`,
        { server },
      );
}

function unknownFailure(end: Extract<ProgramEnd, { kind: 'unknown' }>, circumstances: Circumstances): Failure {
  const { server, program, ended, become } = circumstances;
  const where = end.during === undefined ? program : end.during.name;
  const detail = end.detail === '' ? '' : ` (${plain(end.detail, 300)})`;
  switch (end.why) {
    case 'cut':
      return new Failure('PROGRAM_CUT', `the program ${program} arrived incomplete on ${server}${detail}`, { server });
    case 'refused':
      if (become !== undefined) return withoutSudo(become, detail, circumstances);
      return new Failure(
        'PROGRAM_REFUSED',
        `${server} did not run the program ${program}${detail === '' ? ', and did not say why' : detail}`,
        { server },
      );
    case 'connection lost':
      return new Failure(
        'CONNECTION_LOST',
        `the connection was lost during ${where}${detail}; how far it got is unknown`,
        { server },
      );
    case 'killed':
      if (ended.why === 'cancelled') return new Failure('CANCELLED', `cancelled during ${where}`, { server });
      if (ended.why !== 'itself')
        return end.during?.kind !== 'hook'
          ? stepTimeout(where, ended.limit, server)
          : hookTimeout(where, ended, server);
      return new Failure('PROGRAM_KILLED', `the program was killed (${plain(end.detail, 100)}) during ${where}`, {
        server,
      });
    case 'unfinished':
      return new Failure('PROGRAM_UNFINISHED', `the program ended without its final report during ${where}${detail}`, {
        server,
      });
  }
}

/** A program reports its process group before anything else, so nothing of this one ran. */
function withoutSudo(become: string, detail: string, { server, program }: Circumstances): Failure {
  const hint =
    'Let the user that logs in run `sh` as that user without a password: `mode: check` prints the line for sudoers.';
  return new Failure('PROGRAM_REFUSED', `sudo does not run the program ${program} as ${become}${detail}`, {
    server,
    hint,
  });
}
