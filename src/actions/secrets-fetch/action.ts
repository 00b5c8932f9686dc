import { systemClock } from '../../adapters/clock.ts';
import type { ActionsRunner } from '../../adapters/runner/runner.ts';
import { removeSecretFile } from '../../adapters/runner/secret-file.ts';
import { asFailure } from '../../domain/failure.ts';
import { leastPolicy } from '../../domain/secrets/policies/policy.ts';
import { provenanceOf } from '../../domain/secrets/provenance.ts';
import { storeFacts } from '../../domain/secrets/store-facts.ts';
import { checkSecrets } from '../../flows/secrets/check.ts';
import { fetchSecrets } from '../../flows/secrets/fetch.ts';
import type { SecretsFetchOutput } from '../../generated/inputs.ts';
import { printLines, reportRefusal } from '../job/report.ts';
import { handToSteps } from './deliver.ts';
import { type FetchInputs, readInputs } from './inputs.ts';
import { type OpenStores, openStores } from './open.ts';
import { reportChecked, reportFetched } from './report.ts';

/** The secrets-fetch action: everything that goes wrong is reported and makes the step red. */
export async function runSecretsFetch(runner: ActionsRunner, signal: AbortSignal): Promise<void> {
  try {
    const inputs = readInputs(runner);
    await using open = await openStores(runner, inputs, signal);
    await runMode(runner, inputs, { open, signal });
  } catch (thrown) {
    await reportRefusal(runner, asFailure(thrown), 'No secret was handed to other steps');
  }
}

interface Started {
  readonly open: OpenStores;
  readonly signal: AbortSignal;
}

async function runMode(runner: ActionsRunner, inputs: FetchInputs, { open, signal }: Started): Promise<void> {
  const { requests, stores, configuration } = open;
  const common = { requests, stores, deadline: configuration.secretsDeadline, clock: systemClock, signal };
  switch (inputs.mode) {
    case 'fetch': {
      const fetched = await fetchSecrets({ ...common, redaction: runner.redaction, stage: 'open' });
      await handToSteps(runner, inputs, fetched.secrets);
      runner.output('stale' satisfies SecretsFetchOutput, fetched.stale.join(','));
      return await reportFetched(runner, {
        verb: 'fetched',
        rows: provenanceOf(fetched.secrets, systemClock.now()),
        warnings: fetched.warnings,
      });
    }
    case 'check':
      return await reportChecked(runner, await checkSecrets(common), systemClock.now());
    case 'policy':
      return printLines(runner, policyLines(open));
  }
}

/** For each store that is used: what its administrator must allow, and nothing more. */
function policyLines({ requests, configuration }: OpenStores): readonly string[] {
  const references = requests.flatMap(({ from, fallback }) => [
    from,
    ...(fallback === undefined ? [] : [fallback.from]),
  ]);
  return [...Map.groupBy(references, ({ store }) => store)].flatMap(([name, own]) => {
    const settings = configuration.stores[name];
    const facts = settings === undefined ? ({ type: 'env' } as const) : storeFacts(settings);
    return ['', `# ${name}`, ...leastPolicy(facts, own)];
  });
}

/** The post step: removes the file that main wrote. */
export async function runSecretsFetchPost(runner: ActionsRunner): Promise<void> {
  await removeSecretFile(runner.job.temp, runner.state('file'));
}
