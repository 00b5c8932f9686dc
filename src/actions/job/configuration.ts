import { createHash } from 'node:crypto';
import type { ArtifactChoice } from '../../domain/artifact/selection.ts';
import { selectServers } from '../../domain/config/hosts.ts';
import type { ConfigDocument, Resolved } from '../../domain/config/reading/configuration.ts';
import { readConfiguration } from '../../domain/config/reading/configuration.ts';
import { foreignConfiguration, foreignProject, foreignProjectPaths } from '../../domain/config/reading/foreign.ts';
import { readSecretsConfiguration, type SecretsConfiguration } from '../../domain/config/reading/secrets.ts';
import type { Settings } from '../../domain/config/settings.ts';
import { Failure } from '../../domain/failure.ts';
import type { Workspace } from '../../ports/workspace.ts';
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

/** What is known of stores and secrets. `stores`: YAML that stands in an input. */
export interface SecretsChoice {
  readonly config: string;
  readonly stage: string | undefined;
  readonly stores: string | undefined;
}

/**
 * The stores and secrets of the file and of the input `stores`. With the input there may be no file.
 * @throws Failure `CONFIG_*`, `NOT_YET`, `STAGE_UNKNOWN`, `REFERENCE_INVALID`, `INPUT_INVALID`
 */
export async function readSecrets(files: Workspace, choice: SecretsChoice): Promise<SecretsConfiguration> {
  const { config, stage, stores } = choice;
  const needless = stores !== undefined && (await files.text(config)) === undefined;
  return readSecretsConfiguration({
    file: needless ? undefined : await readDocument(files, config),
    stage,
    stores: stores === undefined ? undefined : await readText('stores', stores),
  });
}

/** The configuration as it is written, unchecked. @throws Failure `CONFIG_MISSING`, `CONFIG_INVALID`, `CONFIG_FOREIGN` */
export async function readDocument(files: Workspace, path: string): Promise<ConfigDocument> {
  const text = await files.text(path);
  if (text === undefined) throw await missing(files, path);
  const foreign = foreignConfiguration(path, text);
  if (foreign !== undefined) throw foreign;
  return await readText(path, text);
}

/** The parser is loaded apart, since a store of SOPS files needs it too. */
async function readText(path: string, text: string): Promise<ConfigDocument> {
  const { readYaml } = await import('../../adapters/yaml.ts');
  return readYaml(path, text);
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

/** Where the workspace is a project of another tool, that is reported instead of `CONFIG_MISSING`. */
async function missing(files: Workspace, config: string): Promise<Failure> {
  for (const place of foreignProjectPaths) {
    const text = await files.text(place).catch(() => undefined);
    const foreign = text === undefined ? undefined : foreignProject(config, place, text);
    if (foreign !== undefined) return foreign;
  }
  return new Failure('CONFIG_MISSING', `There is no ${config} in the workspace`);
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
