import { render } from '../../remote/shell.ts';
import type { Reference } from '../reference.ts';
import type { GcpFacts } from '../store-facts.ts';
import { poolOf } from '../store-facts.ts';
import { placesOf } from './places.ts';

/** `roles/secretmanager.secretAccessor` for the value, `viewer` for its age and state, on each secret. */
export function gcpPolicy(store: GcpFacts, references: readonly Reference[]): readonly string[] {
  const places = placesOf(references);
  const whole = places.some(({ extent }) => extent === 'below');
  const roles = ['roles/secretmanager.secretAccessor', 'roles/secretmanager.viewer'];
  const names = places.map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
  const targets = whole ? [['projects', store.project]] : names.map((name) => ['secrets', name]);
  return [
    ...(store.serviceAccount === undefined ? ['# Put the id of the repository in place of REPOSITORY_ID.'] : []),
    ...(whole ? ['# Everything is listed and read, so the roles are for the whole project.'] : []),
    ...targets.flatMap(([kind = '', name = '']) => roles.map((role) => binding(store, { kind, name, role }))),
  ];
}

function binding(store: GcpFacts, { kind, name, role }: Readonly<Record<'kind' | 'name' | 'role', string>>): string {
  const where = kind === 'projects' ? [] : [`--project=${store.project}`, ...locationOf(store)];
  return render([
    'gcloud',
    kind,
    'add-iam-policy-binding',
    name,
    ...where,
    `--role=${role}`,
    `--member=${memberOf(store)}`,
  ]);
}

function memberOf(store: GcpFacts): string {
  return store.serviceAccount === undefined
    ? `principalSet://iam.googleapis.com/${poolOf(store)}/attribute.repository_id/REPOSITORY_ID`
    : `serviceAccount:${store.serviceAccount}`;
}

function locationOf({ location }: GcpFacts): readonly string[] {
  return location === undefined ? [] : [`--location=${location}`];
}
