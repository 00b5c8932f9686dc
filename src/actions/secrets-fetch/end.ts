import { systemClock, systemRandom } from '../../adapters/clock.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { removeSecretFile } from '../../adapters/runner/secret-file.ts';
import { takeHandOver } from '../../adapters/stores/hand-over-file.ts';
import type { Revocable } from '../../adapters/stores/vault/hand-over.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import { plain } from '../../domain/text/escape.ts';

/** The post step: removes the file, and revokes what main has left, whatever became of main. */
export async function runSecretsFetchPost(runner: ActionsRunner): Promise<void> {
  await removeFile(runner, runner.state('file'));
  const handedOver = runner.state('revoke');
  if (handedOver === '') return;
  runner.followProxy();
  const left = await takeHandOver(handedOver);
  await Promise.all([...left].map(([store, revocable]) => revokeAt(runner, store, revocable)));
}

async function removeFile(runner: ActionsRunner, path: string): Promise<void> {
  if (path === '') return;
  try {
    const there = await removeSecretFile(path);
    runner.line(plain(there ? `removed ${path}` : `${path} is gone already`));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    runner.annotate('error', plain(`The file of secrets could not be removed: ${why}`), 'secrets');
    runner.fail();
  }
}

async function revokeAt(runner: ActionsRunner, store: string, revocable: Revocable): Promise<void> {
  const { variables } = runner;
  runner.mask(new Secret('token', revocable.token));
  try {
    const { revokeLeft } = await import('../../adapters/stores/secret-stores.ts');
    const result = await revokeLeft(revocable, { store, variables, clock: systemClock, random: systemRandom });
    runner.line(plain(result === 'revoked' ? `revoked what ${store} gave to this job` : notRevoked(store)));
  } catch {
    runner.line(plain(notRevoked(store)));
  }
}

function notRevoked(store: string): string {
  return `the store ${store} could not be reached to revoke what it gave to this job; it ends by itself`;
}
