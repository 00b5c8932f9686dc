import { asFailure, together } from '../../domain/failure.ts';
import { type FetchReport, fetchLines, renderFetch } from '../../domain/report/secrets/summary.ts';
import { provenanceOfPlaces } from '../../domain/secrets/provenance.ts';
import { plain } from '../../domain/text/escape.ts';
import { count } from '../../domain/text/phrases.ts';
import type { Checked } from '../../flows/secrets/check.ts';
import type { Runner } from '../../ports/runner.ts';
import { printLines, reportRefusal } from '../job/report.ts';

/** Reports which secrets were fetched, of which store, version and age. */
export async function reportFetched(runner: Runner, report: FetchReport): Promise<void> {
  printLines(runner, fetchLines(report));
  // GitHub shows ten of each kind.
  for (const text of report.warnings.slice(0, 10)) runner.annotate('warning', plain(text), 'secrets');
  await runner.summarize(renderFetch(report));
}

/** Reports what a check has found: all faults at once, and how many secrets still come from the variables of the step. */
export async function reportChecked(runner: Runner, checked: Checked, now: Date): Promise<void> {
  const { references, failures, warnings } = checked;
  if (failures.length > 0) {
    const all = together(
      asFailure(failures[0]).code,
      `${failures.length} things are wrong with the secrets.`,
      failures,
    );
    return await reportRefusal(runner, all, 'The secrets are not ready');
  }
  const places = references.flatMap(({ names, reference, role, entries }) =>
    entries.map((entry) => ({
      name: names,
      store: reference.store,
      entry,
      source: role === 'fallback' ? ('fallback' as const) : ('store' as const),
    })),
  );
  await reportFetched(runner, {
    verb: 'found',
    rows: provenanceOfPlaces(places, now),
    warnings: [...warnings, ...outside(checked)],
  });
}

/** Secrets that GitHub holds, and no store. */
function outside({ references }: Checked): readonly string[] {
  const own = references.filter(({ reference }) => reference.store === 'env');
  return own.length === 0
    ? []
    : [`${count(own.length, 'secret')} still outside of a store: ${own.map(({ names }) => names).join(', ')} (env://)`];
}
