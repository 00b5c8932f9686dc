import { createHash } from 'node:crypto';
import { openWorkspace } from '../../adapters/runner/workspace.ts';
import { readYaml } from '../../adapters/yaml.ts';
import { selectServers } from '../../domain/config/hosts.ts';
import { readConfiguration } from '../../domain/config/reading/configuration.ts';
import { foreignProject, foreignProjectPaths } from '../../domain/config/reading/foreign.ts';
import type { ArtifactChoice, Settings } from '../../domain/config/settings.ts';
import { Failure } from '../../domain/failure.ts';
import type { Job } from '../../ports/runner.ts';
import type { Workspace } from '../../ports/workspace.ts';
import type { DeployInputs } from '../deploy/inputs.ts';

/** The configuration of the stage, narrowed by the inputs, and the text of the host keys that are trusted. */
export interface Trusted {
  readonly settings: Settings;
  readonly knownHosts: string;
}

/** @throws Failure `CONFIG_*`, `NOT_YET`, `STAGE_UNKNOWN`, `NO_SERVERS`, `KNOWN_HOSTS_INVALID` */
export async function readTrusted(inputs: DeployInputs, job: Job): Promise<Trusted> {
  const workspace = openWorkspace(job.workspace);
  const text = await workspace.text(inputs.config);
  if (text === undefined) throw await missing(workspace, inputs.config);
  const { canonical, ...resolved } = readConfiguration(readYaml(inputs.config, text), inputs.stage);
  const from = inputs.artifact === undefined ? resolved.artifact.from : choiceOf(inputs.artifact);
  const settings: Settings = {
    ...resolved,
    artifact: { ...resolved.artifact, from },
    servers: selectServers(resolved.servers, inputs),
    stageServers: resolved.servers.map(({ name }) => name),
    digest: createHash('sha256').update(canonical).digest('hex'),
  };
  const knownHosts = inputs.knownHosts ?? (await workspace.text(settings.ssh.knownHosts));
  if (knownHosts === undefined)
    throw new Failure('KNOWN_HOSTS_INVALID', knownHostsMissing(settings.ssh.knownHosts), { hint: howToKnowHosts });
  return { settings, knownHosts };
}

/** A project of another tool was checked out all right: that is said in place of the usual cure. */
async function missing(workspace: Workspace, config: string): Promise<Failure> {
  for (const place of foreignProjectPaths) {
    const text = await workspace.text(place).catch(() => undefined);
    const foreign = text === undefined ? undefined : foreignProject(config, place, text);
    if (foreign !== undefined) return foreign;
  }
  return new Failure('CONFIG_MISSING', `There is no ${config} in the workspace`);
}

/** A path that ends like an archive is one, also like one that is not read yet. */
function choiceOf(path: string): ArtifactChoice {
  return /\.(?:tar|tar\.gz|tgz|tar\.zst)$/.test(path) ? { kind: 'archive', path } : { kind: 'path', path };
}

const howToKnowHosts =
  'Write the host keys of the servers into such a file and commit it; "Quick start" in the README says how to make sure of them.';

function knownHostsMissing(path: string): string {
  return `No host keys are given: there is no ${path} in the workspace, where \`ssh.known_hosts\` says they are, and the input \`known-hosts\` is empty`;
}
