import { asFailure, Failure } from '../../domain/failure.ts';
import type { HealthLine } from '../../domain/fleet/outcome.ts';
import type { Probe, Sample } from '../../domain/health/probe.ts';
import { evaluate, fill, sampleOf } from '../../domain/health/probe.ts';
import { commandProbe } from '../../domain/programs/probe.ts';
import type { ProgramEnd } from '../../domain/remote/end.ts';
import type { RemoteProgram } from '../../domain/remote/program.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Http, HttpQuestion } from '../../ports/http.ts';
import type { Transport } from '../../ports/transport.ts';

export interface HealthQuestion {
  readonly probe: Probe;
  /** The name of the server. */
  readonly server: string;
  readonly transport: Pick<Transport, 'tunnel'>;
  readonly http: Http;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** What `{revision}`, `{release}` and `{stage}` stand for. */
  readonly fill: { readonly revision: string; readonly release: string; readonly stage: string };
  /** The path of `current` on the server. */
  readonly current: string;
  /** Exported for a `run` probe. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
  /** Runs a program on the server. Where it rejects, nobody knows how the service is. */
  readonly run: (program: RemoteProgram) => Promise<ProgramEnd>;
}

/**
 * Asks one probe of one server until it has a verdict.
 * @throws Failure `CANCELLED`
 */
export async function askHealth(question: HealthQuestion): Promise<HealthLine> {
  const { probe } = question;
  const verdict =
    probe.ask.kind === 'http' ? await askByHttp(question, probe.ask) : await askByCommand(question, probe.ask.command);
  return { probe: probe.name, required: probe.required, ...verdict };
}

type Verdict = Pick<HealthLine, 'verdict' | 'detail'>;
type HttpAsk = Extract<Probe['ask'], { readonly kind: 'http' }>;

async function askByHttp(question: HealthQuestion, ask: HttpAsk): Promise<Verdict> {
  const { probe, clock, signal } = question;
  const expected = {
    status: ask.status,
    bodyContains: ask.bodyContains === undefined ? undefined : fill(ask.bodyContains, question.fill),
  };
  const samples: Sample[] = [];
  const begun = clock.now().getTime();
  for (;;) {
    samples.push(sampleOf(await question.http.ask(httpQuestion(question, ask)), expected));
    stopIfCancelled(question);
    const { verdict, detail } = evaluate(samples, probe, clock.now().getTime() - begun);
    if (verdict === 'unhealthy' && ask.from === 'server') return await confirmed(question, ask, detail);
    if (verdict !== 'go on') return { verdict, detail };
    await clock.sleep(probe.interval, signal);
  }
}

function httpQuestion(question: HealthQuestion, ask: HttpAsk): HttpQuestion {
  const tunnel = { connect: (host: string, port: number) => question.transport.tunnel(host, port) };
  return {
    url: ask.url,
    headers: ask.headers,
    timeout: question.probe.timeout,
    signal: question.signal,
    ...(ask.from === 'server' ? tunnel : {}),
  };
}

/**
 * A lost connection looks like a service that hangs up or is silent. Before a release is reverted for that, the tunnel
 * must prove that it still works.
 */
async function confirmed(question: HealthQuestion, ask: HttpAsk, detail: string): Promise<Verdict> {
  const again = await question.http.ask(httpQuestion(question, ask));
  stopIfCancelled(question);
  return again.kind === 'unasked' ? { verdict: 'unknown', detail: again.why } : { verdict: 'unhealthy', detail };
}

async function askByCommand(question: HealthQuestion, command: string): Promise<Verdict> {
  try {
    const end = await question.run(commandProbe(question, command));
    stopIfCancelled(question);
    return readVerdict(end);
  } catch (thrown) {
    const failure = asFailure(thrown);
    if (failure.code === 'CANCELLED' || failure.code === 'BUG') throw thrown;
    return { verdict: 'unknown', detail: failure.message };
  }
}

function readVerdict(end: ProgramEnd): Verdict {
  const output = lastLine(end);
  if (end.kind === 'unknown') return { verdict: 'unknown', detail: `the program did not end (${end.why})` };
  if (end.kind !== 'succeeded') return { verdict: 'unknown', detail: output || 'the probe could not begin' };
  const health = end.facts.get('health');
  if (health === 'healthy') return { verdict: 'healthy', detail: output || 'exit 0' };
  if (health === 'unhealthy')
    return { verdict: 'unhealthy', detail: `${exit(end.facts.get('status'))}${output === '' ? '' : `: ${output}`}` };
  return { verdict: 'unknown', detail: 'the program did not say how it went' };
}

function stopIfCancelled({ signal, probe, server }: HealthQuestion): void {
  if (signal.aborted)
    throw new Failure('CANCELLED', `The run was cancelled while the probe \`${probe.name}\` was asked.`, { server });
}

/** `timeout` ends what takes too long with 124, that of BusyBox with 143. */
function exit(status: string | undefined): string {
  if (status === '124' || status === '143') return 'no answer in time';
  return /^\d{1,3}$/.test(status ?? '') ? `exit ${status}` : 'exit unknown';
}

/** What the command itself said last, behind the line of its try. */
function lastLine(end: ProgramEnd): string {
  const lines = end.steps
    .flatMap((step) => step.output)
    .filter((line) => line.trim() !== '' && !/^try \d+: exit \d+$/.test(line));
  return (lines.at(-1) ?? '').trim().slice(0, 200);
}
