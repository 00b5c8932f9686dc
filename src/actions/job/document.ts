import { readYaml } from '../../adapters/yaml.ts';
import type { ConfigDocument } from '../../domain/config/reading/document.ts';
import { foreignProject, foreignProjectPaths } from '../../domain/config/reading/foreign.ts';
import { Failure } from '../../domain/failure.ts';
import type { Workspace } from '../../ports/workspace.ts';

/** The configuration as it is written, unchecked. @throws Failure `CONFIG_MISSING`, `CONFIG_INVALID` */
export async function readDocument(files: Workspace, path: string): Promise<ConfigDocument> {
  const text = await files.text(path);
  if (text === undefined) throw await missing(files, path);
  return readYaml(path, text);
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
