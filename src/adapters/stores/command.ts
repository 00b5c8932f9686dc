import { Failure } from '../../domain/failure.ts';
import type { Reference } from '../../domain/secrets/reference.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { CommandSettings } from '../../domain/secrets/settings.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LocalCommand } from '../../ports/local-command.ts';
import type { SecretStore, StoreEntry, StoreLimits } from '../../ports/secret-store.ts';
import { answerEach } from './answers.ts';
import { contentOf, invalid } from './command-output.ts';

export interface CommandStore extends CommandSettings {
  /** Of the store, for messages. */
  readonly name: string;
}

export interface CommandPorts {
  readonly command: LocalCommand;
  readonly clock: Clock;
  /** Where commands run. */
  readonly workspace: string;
  /** The variables of the step, of which a command gets those that the store names. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly mask: (secret: Secret) => void;
}

/** Bytes of one answer. */
const largest = 1_048_576;
/** Characters of what a command complains that are told. */
const complaintLimit = 400;

/** Any other store: a command of the configuration that prints one secret. No shell reads its words, and its output is shown nowhere. */
export function openCommand(store: CommandStore, ports: CommandPorts): SecretStore {
  const read = (reference: Reference, limits: StoreLimits) => entryFrom(reference, { store, ports, limits });
  return {
    read: (references, limits) => answerEach(references, (reference) => read(reference, limits)),
    check: (references, limits) =>
      answerEach(references, async (reference) => ({
        ...(await read(reference, limits)),
        content: { kind: 'not read' },
      })),
    renew: async () => [],
    [Symbol.asyncDispose]: async () => undefined,
  };
}

interface Reading {
  readonly store: CommandStore;
  readonly ports: CommandPorts;
  readonly limits: StoreLimits;
}

async function entryFrom(reference: Reference, reading: Reading): Promise<StoreEntry> {
  const name = plain(`${reference.store}://${reference.locator}`, 300);
  const words = wordsFor(reference, reading.store, name);
  const env = variablesFor(reading);
  const bytes = await outputOf(name, { words, env }, reading);
  return {
    path: '',
    content: contentOf(name, bytes, reading.store.output),
    version: undefined,
    created: undefined,
    expires: undefined,
    notBefore: undefined,
    rotation: { state: 'none', next: undefined },
    lease: undefined,
  };
}

/** The locator stays within its word, and is no option. */
function wordsFor({ locator, version, stage }: Reference, { run }: CommandStore, name: string): CommandStore['run'] {
  const refused = (why: string) => new Failure('REFERENCE_INVALID', `${name} ${why}.`);
  if (version !== undefined || stage !== undefined) throw refused('names a version or stage, and a command has none');
  if (locator.endsWith('/**')) throw refused('names many secrets, and a command gives one');
  const [program, ...words] = run;
  if (locator.startsWith('-') && words.some((word) => word.startsWith('{locator}')))
    throw refused('begins with "-", which the command would take for an option');
  return [program, ...words.map((word) => word.replaceAll('{locator}', () => locator))];
}

/** @throws Failure `STORE_DENIED` where one is not there */
function variablesFor({ store, ports }: Reading): Readonly<Record<string, string>> {
  const given = store.env.map((name) => [name, ports.variables[name] ?? ''] as const);
  const absent = given.filter(([, value]) => value === '').map(([name]) => name);
  if (absent.length > 0)
    throw new Failure(
      'STORE_DENIED',
      `The store ${store.name} needs ${absent.join(', ')}, empty or not set in this step.`,
      {
        hint: 'Give the step these variables in `env:`. A secret of GitHub that does not exist is empty.',
      },
    );
  for (const [name, value] of given) ports.mask(new Secret(`env://${name}`, value));
  return Object.fromEntries(given);
}

interface Started {
  readonly words: CommandStore['run'];
  readonly env: Readonly<Record<string, string>>;
}

/** What the command prints, where it ends well. */
async function outputOf(name: string, started: Started, { store, ports, limits }: Reading): Promise<Buffer> {
  const { words, env } = started;
  const left = limits.deadline.getTime() - ports.clock.now().getTime();
  const output = new Output();
  const complaints: string[] = [];
  const { status, ended } = await ports.command.run({
    words,
    env,
    cwd: ports.workspace,
    timeout: Math.max(1, Math.min(store.timeout, left)),
    signal: AbortSignal.any([limits.signal, output.tooLarge]),
    onLine: (line) => complaints.push(line),
    onStdout: (bytes) => output.add(bytes),
  });
  if (output.tooLarge.aborted) throw invalid(name, 'printed more than 1 MiB');
  if (ended === 'cancelled') throw new Failure('CANCELLED', 'The run was cancelled while it asked a store.');
  if (ended === 'time limit') throw new Failure('STORE_UNAVAILABLE', `The command for ${name} did not end in time.`);
  if (status === 127) throw absent(words[0], store.name);
  const hidden = [...Object.values(env), output.bytes().toString().trim()];
  if (status !== 0) throw failed(name, status, redacted(complaints, hidden));
  return output.bytes();
}

/** What a command prints, up to a limit. */
class Output {
  readonly #over = new AbortController();
  readonly #chunks: Uint8Array[] = [];
  #size = 0;

  /** Aborts where there is more. */
  get tooLarge(): AbortSignal {
    return this.#over.signal;
  }

  add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    if (this.#size > largest) this.#over.abort();
    else this.#chunks.push(bytes);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

function absent(program: string, store: string): Failure {
  return new Failure('RUNNER_UNFIT', `The runner has no \`${plain(program, 100)}\`, which the store ${store} needs.`);
}

function failed(name: string, status: number, complaint: string): Failure {
  const said = complaint === '' ? 'and says nothing' : `and says: ${complaint}`;
  return new Failure('SECRET_MISSING', `The command for ${name} ends with ${status} ${said}`, {
    hint: 'Read what it says: the secret may not be there, or the token of the store may not read it.',
  });
}

/** What a command complains of, on one line, without the values that it was given or has printed. */
function redacted(lines: readonly string[], secrets: readonly string[]): string {
  const parts = secrets.flatMap((secret) => [secret, ...secret.split('\n')]).filter((part) => part.trim().length > 3);
  const longestFirst = parts.toSorted((one, other) => other.length - one.length);
  const text = longestFirst.reduce((rest, part) => rest.replaceAll(part, '***'), lines.join('\n'));
  return plain(text.trim(), complaintLimit);
}
