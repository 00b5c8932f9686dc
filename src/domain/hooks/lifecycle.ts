/** Hook points in the order of a deploy, then those of a rollback, then `failed`. */
export const hookPoints = [
  'starting',
  'started',
  'updating',
  'updated',
  'publishing',
  'published',
  'finishing',
  'finished',
  'reverting',
  'reverted',
  'finishing_rollback',
  'failed',
] as const;

export type HookPoint = (typeof hookPoints)[number];
