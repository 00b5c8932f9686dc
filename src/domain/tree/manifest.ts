import { plainWord, repositoryForm, workflowForm } from '../words.ts';
import { parseRelease, parseRevision } from './ids.ts';

/** The manifest of a release on a server, `manifests/<id>.json`: what it is, and who made it from what. */
export interface ReleaseManifest {
  readonly release: string;
  readonly revision: string;
  /** SHA-256, hex, of the artefact and of the resolved configuration. */
  readonly artifact: string;
  readonly configuration: string;
  readonly application: string;
  readonly stage: string;
  readonly by: string;
  readonly run: string;
  readonly runNumber: number;
  readonly workflow: string;
  readonly attempt: number;
  readonly job: string;
  readonly repository: string;
  /** The release that was live when this one was made. */
  readonly previous: string | undefined;
  readonly at: string;
  /** Names of the hooks, by point, that the configuration had. */
  readonly hooks: Readonly<Record<string, readonly string[]>>;
  /**
   * Those of them that cannot be undone, as `POINT: NAME`: a rollback past this release must accept them explicitly.
   */
  readonly irreversible: readonly string[];
}

export function renderManifest(manifest: ReleaseManifest): string {
  return `${JSON.stringify({ version: 1, ...manifest }, undefined, 2)}\n`;
}

/** The parts of a manifest that decisions need; `undefined` for a file of another form. */
export function readManifest(text: string | undefined): ReleaseManifest | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse((text ?? '').slice(0, 1024 * 1024));
  } catch {
    return undefined;
  }
  if (typeof raw !== 'object' || raw === null) return undefined;
  const record = raw as Record<string, unknown>;
  const release = parseRelease(String(record['release']));
  const revision = parseRevision(String(record['revision']));
  const artifact = plainWord(record['artifact'], /^[0-9a-f]{64}$/);
  const configuration = plainWord(record['configuration'], /^[0-9a-f]{64}$/);
  if (release === undefined || revision === undefined || artifact === undefined || configuration === undefined)
    return undefined;
  return {
    release,
    revision,
    artifact,
    configuration,
    application: plainWord(record['application'], /^[\w.-]{1,100}$/) ?? 'unknown',
    stage: plainWord(record['stage'], /^[\w.-]{1,100}$/) ?? 'unknown',
    by: plainWord(record['by'], /^[\w[\].-]{1,100}$/) ?? 'unknown',
    run: plainWord(record['run'], /^\d{1,20}$/) ?? '0',
    workflow: plainWord(record['workflow'], workflowForm) ?? '',
    runNumber: whole(record['runNumber']),
    attempt: whole(record['attempt']),
    job: plainWord(record['job'], /^[\w.-]{1,100}$/) ?? 'unknown',
    repository: plainWord(record['repository'], repositoryForm) ?? 'unknown',
    previous: plainWord(record['previous'], /^\d{14}$/),
    at: plainWord(record['at'], /^[\d:.TZ-]{1,30}$/) ?? 'unknown',
    hooks: {},
    irreversible: [],
  };
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}
