/**
 * One permission of a job's `permissions:`, the modes of the deploy action that use it, and what happens without it.
 */
export interface Permission {
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly modes: readonly string[];
  readonly when: string;
  readonly without: string;
}

/** What the deploy action asks of a job. `docs/permissions.md` and the hints of refusals are made from it. */
export const permissions: readonly Permission[] = [
  {
    name: 'contents',
    access: 'read',
    modes: ['deploy', 'plan', 'check', 'unlock'],
    when: 'for `actions/checkout`, in private repositories',
    without: 'the checkout fails',
  },
  {
    name: 'id-token',
    access: 'write',
    modes: ['deploy', 'unlock'],
    when: 'where the stage names an `environment`',
    without: '`ID_TOKEN_UNAVAILABLE`, before any server is touched',
  },
  {
    name: 'actions',
    access: 'read',
    modes: ['deploy', 'unlock'],
    when: 'when a lock is held, to find out whether its job has ended',
    without: 'a lock of a dead run is taken over only after its lease',
  },
  {
    name: 'checks',
    access: 'read',
    modes: ['deploy'],
    when: 'to find the deployment that belongs to this very job',
    without: 'it is looked for by environment and commit',
  },
  {
    name: 'deployments',
    access: 'write',
    modes: ['deploy'],
    when: 'where the stage names an `environment`, for the status of the job’s own deployment',
    without: 'one warning; the result of the deploy does not change',
  },
];

/** The permission as it is written in a workflow: `deployments: write`. */
export function writtenAs(name: Permission['name']): string {
  const found = permissions.find((one) => one.name === name);
  return `${name}: ${found?.access ?? 'read'}`;
}
