import { openArtifacts } from '../../adapters/artifacts/open.ts';
import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { openGitHub } from '../../adapters/github/runs.ts';
import { nodeHttp } from '../../adapters/http.ts';
import { openLocalCommand } from '../../adapters/runner/local-command.ts';
import { openRunLog } from '../../adapters/runner/run-log.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import type { LoginMeans } from '../../adapters/ssh/transport.ts';
import { hookPoints, type Settings } from '../../domain/config/settings.ts';
import { refusedTrigger } from '../../domain/github/trigger.ts';
import { type KnownHosts, parseKnownHosts } from '../../domain/ssh/known-hosts.ts';
import { type Context, newObservations, type Ports, type Progress } from '../../flows/context.ts';
import type { DeployRequest } from '../../flows/deploy/request.ts';
import type { Job } from '../../ports/runner.ts';
import type { Runs } from '../../ports/runs.ts';
import type { Transports } from '../../ports/transport.ts';
import type { DeployInputs } from '../deploy/inputs.ts';

/** Everything that a flow needs, opened. Disposing closes bastions and stops the heartbeat. */
export interface Opened extends AsyncDisposable {
  readonly context: Context;
  readonly request: DeployRequest;
}

/** `prove`: the job must show that it runs in the stage's environment. What changes nothing need not, and the post step goes on with what main has proved. */
export type Proof = 'prove' | 'not needed';

/**
 * Reads what is trusted, proves that this job may act on the stage, and opens the adapters. No server is touched yet.
 * What stands on a large package – the schema, SSH, tokens – is loaded here, when it is needed: a post step with nothing to do starts faster.
 * @throws Failure of configuration, trigger, identity or key
 */
export async function open(
  runner: ActionsRunner,
  inputs: DeployInputs,
  signal: AbortSignal,
  proof: Proof,
): Promise<Opened> {
  const { readTrusted } = await import('./configuration.ts');
  const { settings, knownHosts } = await readTrusted(inputs, runner.job);
  const hostKeys = parseKnownHosts(knownHosts);
  assertTrigger(runner.job, settings);
  runner.followProxy();
  const checkRun = proof === 'prove' ? await proveJob(runner, settings) : undefined;
  const transports = await openTransports(runner, inputs, { settings, hostKeys });
  const names = settings.servers.map(({ name }) => name);
  const log = openRunLog(runner, systemClock, names);
  const context: Context = {
    settings,
    job: runner.job,
    checkRun,
    ports: {
      ...openRunnerPorts(runner, settings),
      transports,
      log,
      runs: openRuns(runner.job, settings, { checkRun, token: inputs.token }),
    },
    signal,
    save: (progress) => saveProgress(runner, progress),
    observed: newObservations(),
  };
  return {
    context,
    request: requestOf(runner, inputs),
    [Symbol.asyncDispose]: async () => {
      log[Symbol.dispose]();
      await transports[Symbol.asyncDispose]();
    },
  };
}

function requestOf({ job }: ActionsRunner, inputs: DeployInputs): DeployRequest {
  const { revision, deploying } = inputs;
  return { revision, refName: revision === job.sha ? job.refName : revision, force: deploying };
}

/** What stands on the runner itself. */
function openRunnerPorts(
  runner: ActionsRunner,
  settings: Settings,
): Pick<Ports, 'artifacts' | 'command' | 'http' | 'clock' | 'random'> {
  const { workspace, temp } = runner.job;
  const command = openLocalCommand(runner.variables);
  const artifacts = openArtifacts({ settings: settings.artifact, workspace, temp, command });
  return { artifacts, command, http: nodeHttp, clock: systemClock, random: systemRandom };
}

async function openTransports(
  runner: ActionsRunner,
  inputs: DeployInputs,
  { settings, hostKeys }: { readonly settings: Settings; readonly hostKeys: KnownHosts },
): Promise<Transports> {
  const { sshTransports } = await import('../../adapters/ssh/transport.ts');
  const become = settings.become === undefined ? {} : { become: settings.become };
  return sshTransports(
    { ...settings.ssh, ...become, knownHosts: hostKeys, random: systemRandom, clock: systemClock },
    loginMeans(runner, inputs),
  );
}

function openRuns(
  job: Job,
  { environment }: Settings,
  { token, checkRun }: { readonly token: string; readonly checkRun: string | undefined },
): Runs {
  return openGitHub({
    token,
    job,
    ...(checkRun === undefined ? {} : { checkRun }),
    ...(environment === undefined ? {} : { environment }),
  });
}

/** @throws Failure `TRIGGER_REFUSED` */
function assertTrigger({ event, payload }: Job, settings: Settings): void {
  const refused = refusedTrigger({
    event,
    payload,
    localHooks: localHooks(settings),
    environment: settings.environment,
  });
  if (refused !== undefined) throw refused;
}

/** The id of the job's check run, once the job has proved that it runs in the stage's environment. A stage that names none proves nothing. */
async function proveJob(runner: ActionsRunner, { environment }: Settings): Promise<string | undefined> {
  if (environment === undefined) return undefined;
  const { proveIdentity } = await import('../../adapters/github/identity.ts');
  const claims = await proveIdentity(
    { runner, clock: systemClock, random: systemRandom, variables: runner.variables },
    environment,
  );
  return claims.checkRun;
}

/** What main has told its post step; `undefined`: it never came to touch a server. */
export function readProgress(runner: Pick<ActionsRunner, 'state'>): Progress | undefined {
  const text = runner.state('progress');
  return text === '' ? undefined : (JSON.parse(text) as Progress);
}

function saveProgress(runner: Pick<ActionsRunner, 'saveState'>, progress: Progress): void {
  runner.saveState('progress', JSON.stringify(progress));
}

function loginMeans(runner: ActionsRunner, inputs: DeployInputs): LoginMeans {
  const agent = runner.variables['SSH_AUTH_SOCK'];
  return {
    ...(inputs.privateKey === undefined ? {} : { privateKey: inputs.privateKey }),
    ...(inputs.passphrase === undefined ? {} : { passphrase: inputs.passphrase }),
    ...(agent === undefined || agent === '' ? {} : { agentSocket: agent }),
  };
}

function localHooks(settings: Settings): string[] {
  return hookPoints.flatMap((point) =>
    settings.hooks[point].filter((hook) => hook.where === 'runner').map((hook) => hook.name),
  );
}
