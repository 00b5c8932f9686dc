import { openArtifacts } from '../../adapters/artifacts/open.ts';
import { systemClock, systemRandom } from '../../adapters/clock.ts';
import { openGitHub } from '../../adapters/github/runs.ts';
import { nodeHttp } from '../../adapters/http.ts';
import { openLocalCommand } from '../../adapters/runner/local-command.ts';
import { redactCommand, redactTransports } from '../../adapters/runner/redacted-output.ts';
import { openRunLog } from '../../adapters/runner/run-log.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import type { LoginMeans } from '../../adapters/ssh/transport.ts';
import type { Settings } from '../../domain/config/settings.ts';
import type { KnownHosts } from '../../domain/ssh/known-hosts.ts';
import type { Ports } from '../../flows/context.ts';
import type { Runs } from '../../ports/runs.ts';
import type { Transports } from '../../ports/transport.ts';
import type { CommonInputs, ServerInputs } from './inputs.ts';

/** The ports of a run on servers. Disposing closes bastions and stops the heartbeat. */
export interface OpenPorts extends AsyncDisposable {
  readonly ports: Ports;
}

interface Proved {
  readonly settings: Settings;
  readonly knownHosts: KnownHosts;
  readonly checkRun: string | undefined;
}

/** @throws Failure `KEY_INVALID`, `KEY_PUBLIC`, `KEY_PASSPHRASE` */
export async function openPorts(
  runner: ActionsRunner,
  inputs: CommonInputs & ServerInputs,
  proved: Proved,
): Promise<OpenPorts> {
  const { settings } = proved;
  const transports = redactTransports(await openTransports(runner, inputs, proved), runner.redaction);
  const names = settings.servers.map(({ name }) => name);
  const log = openRunLog(runner, systemClock, names);
  const local = openLocalPorts(runner);
  const command = redactCommand(local.command, runner.redaction);
  const { workspace, temp } = runner.job;
  const artifacts = openArtifacts({ settings: settings.artifact, workspace, temp, command: local.command });
  return {
    ports: { ...local, command, artifacts, transports, log, runs: openRuns(runner, inputs, proved) },
    [Symbol.asyncDispose]: async () => {
      log[Symbol.dispose]();
      await transports[Symbol.asyncDispose]();
    },
  };
}

/** What needs no stage. */
export function openLocalPorts(runner: ActionsRunner): Pick<Ports, 'command' | 'http' | 'clock' | 'random'> {
  return { command: openLocalCommand(runner.variables), http: nodeHttp, clock: systemClock, random: systemRandom };
}

function openRuns(runner: ActionsRunner, { token }: CommonInputs, { settings, checkRun }: Proved): Runs {
  const { environment } = settings;
  return openGitHub({
    token,
    job: runner.job,
    ...(checkRun === undefined ? {} : { checkRun }),
    ...(environment === undefined ? {} : { environment }),
  });
}

async function openTransports(
  runner: ActionsRunner,
  inputs: ServerInputs,
  { settings, knownHosts }: Proved,
): Promise<Transports> {
  const { sshTransports } = await import('../../adapters/ssh/transport.ts');
  const become = settings.become === undefined ? {} : { become: settings.become };
  return sshTransports(
    { ...settings.ssh, ...become, knownHosts, random: systemRandom, clock: systemClock },
    loginMeans(runner, inputs),
  );
}

function loginMeans({ variables }: ActionsRunner, { privateKey, passphrase }: ServerInputs): LoginMeans {
  const agentSocket = variables['SSH_AUTH_SOCK'];
  return {
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(agentSocket === undefined || agentSocket === '' ? {} : { agentSocket }),
  };
}
