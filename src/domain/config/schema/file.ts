import { editable } from './edits.ts';
import { sections } from './sections.ts';
import { servers } from './servers.ts';
import { application, environment, stageName } from './value-types.ts';
import type { Read } from './vocabulary.ts';
import { dictionary, map } from './vocabulary.ts';

const stageShape = {
  environment: environment()
    .optional()
    .describe('The GitHub environment of this stage. Where it is named, the job must run in it.'),
  servers: servers.describe('The servers of this stage.'),
  ...sections,
};

/**
 * A stage as it is written in the file: its lists may be edits of the file’s lists. `servers` is a list of the stage
 * alone.
 */
const writtenStage = map({
  ...Object.fromEntries(Object.entries(stageShape).map(([key, schema]) => [key, editable(schema)])),
  servers: stageShape.servers,
});

/** A stage after the file’s own keys were merged into it. */
export const mergedStage = map(stageShape);
export type MergedStage = Read<typeof mergedStage>;
export const stageKeys: readonly string[] = Object.keys(stageShape);

/** The whole file. Keys that begin with `x-` are gone before it looks. */
export const file = map({
  application: application().describe('The name of the application.'),
  ...sections,
  stages: dictionary(stageName(), writtenStage)
    .refine((stages) => Object.keys(stages).length > 0, { error: 'expected at least one stage' })
    .describe(
      'Where to deploy, by name. A stage holds its servers, and every other key of the file but `application` and `stages`.',
    ),
});
