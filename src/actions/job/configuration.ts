import { createHash } from 'node:crypto';
import type { ArtifactChoice } from '../../domain/artifact/selection.ts';
import { selectServers } from '../../domain/config/hosts.ts';
import type { Resolved } from '../../domain/config/reading/configuration.ts';
import { readConfiguration } from '../../domain/config/reading/configuration.ts';
import type { Settings } from '../../domain/config/settings.ts';
import { Failure } from '../../domain/failure.ts';
import type { Workspace } from '../../ports/workspace.ts';
import { readDocument } from './document.ts';
import type { CommonInputs, ServerInputs } from './inputs.ts';

/** The configuration of the stage, narrowed by the inputs, and the text of the host keys that are trusted. */
export interface Trusted {
  readonly settings: Settings;
  readonly knownHosts: string;
}

/** What the inputs choose in the configuration. `artifact`: a path that replaces the one that is configured. */
export type Choice = Pick<CommonInputs, 'config' | 'stage'> &
  Pick<ServerInputs, 'knownHosts' | 'hosts' | 'roles'> & { readonly artifact?: string | undefined };

/**
 * The stage that the inputs name, from the file that they name.
 * @param files where what is trusted is read
 * @throws Failure `CONFIG_*`, `NOT_YET`, `STAGE_UNKNOWN`, `NO_SERVERS`, `KNOWN_HOSTS_INVALID`
 */
export async function readTrusted(files: Workspace, choice: Choice): Promise<Trusted> {
  const settings = narrowed(readConfiguration(await readDocument(files, choice.config), choice.stage), choice);
  const knownHosts = choice.knownHosts ?? (await files.text(settings.ssh.knownHosts));
  if (knownHosts === undefined)
    throw new Failure('KNOWN_HOSTS_INVALID', knownHostsMissing(settings.ssh.knownHosts), { hint: howToKnowHosts });
  return { settings, knownHosts };
}

function narrowed({ canonical, ...resolved }: Resolved, choice: Choice): Settings {
  const from = choice.artifact === undefined ? resolved.artifact.from : choiceOf(choice.artifact);
  return {
    ...resolved,
    artifact: { ...resolved.artifact, from },
    servers: selectServers(resolved.servers, choice),
    stageServers: resolved.servers.map(({ name }) => name),
    digest: createHash('sha256').update(canonical).digest('hex'),
  };
}

/** A path with the ending of an archive is one, also with an ending that is not supported yet. */
function choiceOf(path: string): ArtifactChoice {
  return /\.(?:tar|tar\.gz|tgz|tar\.zst)$/.test(path) ? { kind: 'archive', path } : { kind: 'path', path };
}

const howToKnowHosts =
  'Write the host keys of the servers into such a file and commit it; "Quick start" in the README says how to make sure of them.';

function knownHostsMissing(path: string): string {
  return `No host keys are given: there is no ${path} in the workspace, where \`ssh.known_hosts\` says they are, and the input \`known-hosts\` is empty`;
}

/** What is read for secrets alone. Loaded from here, so that the bundle holds once what both read with. */
export function loadSecrets(): Promise<typeof import('./secrets.ts')> {
  return import('./secrets.ts');
}
