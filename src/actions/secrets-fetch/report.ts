import { systemClock } from '../../adapters/clock.ts';
import { type CheckedRow, checkLines, renderCheck } from '../../domain/report/secrets/checked.ts';
import { fetchLines, renderFetch } from '../../domain/report/secrets/fetched.ts';
import { renderPolicies, type StorePolicy } from '../../domain/report/secrets/policies.ts';
import { provenanceOf } from '../../domain/secrets/provenance.ts';
import { plain } from '../../domain/text/escape.ts';
import type { Checked } from '../../flows/secrets/check.ts';
import type { Fetched } from '../../flows/secrets/fetch.ts';
import type { SecretsFetchOutput } from '../../generated/inputs.ts';
import type { Runner } from '../../ports/runner.ts';
import { annotateFailures, printLines, writeOutputs } from '../job/report.ts';

/** GitHub shows ten annotations of a kind. */
const mostAnnotations = 10;

export async function reportFetch(
  runner: Runner,
  { secrets, warnings, stale, given }: Fetched & { readonly given: readonly string[] },
): Promise<void> {
  const report = { secrets: provenanceOf(secrets, systemClock.now()), warnings, given };
  printLines(runner, fetchLines(report));
  annotateWarnings(runner, warnings);
  writeOutputs({ stale: stale.join(',') }, (name: SecretsFetchOutput, value) => runner.output(name, value));
  await runner.summarize(renderFetch(report));
}

/** Red where something could not be read, or is too old to be used. */
export async function reportCheck(runner: Runner, checked: Checked, undelivered: readonly string[]): Promise<void> {
  const { failures, warnings } = checked;
  const rows = checked.references.map(
    ({ names, reference, role, entries, failure }): CheckedRow => ({
      names,
      reference,
      role,
      found: failure === undefined ? entries.length : undefined,
    }),
  );
  const report = { rows, failures, warnings, undelivered };
  printLines(runner, checkLines(report));
  annotateWarnings(runner, warnings);
  annotateFailures(runner, failures);
  await runner.summarize(renderCheck(report));
  if (failures.length > 0) runner.fail();
}

export async function reportPolicies(runner: Runner, policies: readonly StorePolicy[]): Promise<void> {
  for (const { store, lines } of policies)
    printLines(runner, ['', `${plain(store, 64)}:`, ...lines.map((line) => plain(line))]);
  await runner.summarize(renderPolicies(policies));
}

function annotateWarnings(runner: Runner, warnings: readonly string[]): void {
  for (const text of warnings.slice(0, mostAnnotations)) runner.annotate('warning', plain(text), 'secrets');
}
