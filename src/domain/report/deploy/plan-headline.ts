import type { PlanView } from '../../fleet/outcome.ts';
import type { Formatter } from '../../text/formatter.ts';
import { asked, count, listServers, sentence, short } from '../../text/phrases.ts';
import type { Finding } from '../findings.ts';
import { findingsOf } from '../findings.ts';
import type { Verdict } from '../verdict.ts';

/** A plan or a check in one title and a few sentences. */
export function planVerdict(view: PlanView, format: Formatter): Verdict {
  const where = `${format.outside(view.application)} on ${format.outside(view.stage)}`;
  const found = findingsOf(view.problems);
  const problems = found.length;
  const first = found[0]?.failure;
  const remedy = first === undefined || first.hint === '' ? undefined : sentence(format.hint(first));
  switch (view.kind) {
    case 'plan':
      return {
        symbol: '🔎',
        title:
          problems > 0
            ? `Plan: a deploy of ${where} would be refused`
            : view.unchanged === undefined
              ? `Plan: what a deploy of ${where} would do`
              : `Plan: a deploy of ${where} would change nothing`,
        sentences: problems === 0 ? intent(view, format) : trouble(found, format),
        remedy: remedy,
      };
    case 'check':
      return {
        symbol: '🔎',
        title:
          problems > 0
            ? `Check: ${count(problems, 'problem')} found for ${where}`
            : lacksRollbackTarget(view)
              ? `Check: ${where} is ready for a deploy, but no rollback is possible`
              : `Check: ${where} is ready`,
        sentences:
          problems === 0 ? [`${reachable(view.hosts.length)} ready for a deploy. ${unharmed}`] : trouble(found, format),
        remedy:
          problems === 0 && lacksRollbackTarget(view)
            ? 'The next deploy makes a rollback possible: it would go back to what is live now.'
            : remedy,
      };
  }
}

/** Whether a release is live but no rollback is possible: a check is red then. */
export function lacksRollbackTarget(view: PlanView): boolean {
  return view.rollback.possible === 'no' && view.hosts.some(({ from }) => from !== undefined);
}

function reachable(servers: number): string {
  if (servers === 1) return 'The server could be reached and is';
  return `${servers === 2 ? 'Both' : `All ${servers}`} servers could be reached and are`;
}

const unharmed = 'Nothing was changed on any server.';

function intent(view: PlanView, format: Formatter): string[] {
  if (view.unchanged !== undefined)
    return [
      sentence(`It would change nothing: ${format.outside(view.unchanged)}`),
      'To deploy all the same, set `force: true`.',
      unharmed,
    ];
  const batches = new Set(view.hosts.flatMap((host) => (host.batch === undefined ? [] : [host.batch]))).size;
  const how = batches > 1 ? ` in ${batches} batches` : '';
  const servers = listServers(
    view.hosts.map((host) => host.server),
    format,
  );
  return [
    `It would deploy ${format.id(short(view.revision))}${asked(view.refName, view.revision, format)} to ${servers}${how}.`,
    unharmed,
  ];
}

function trouble([first, ...others]: readonly Finding[], format: Formatter): string[] {
  if (first === undefined) return [unharmed];
  const where = first.servers.length === 0 ? '' : `On ${listServers(first.servers, format)}: `;
  const rest = others.length === 0 ? [] : [`${count(others.length, 'more problem')} below.`];
  return [`${where}${sentence(format.outside(first.failure.message))}`, ...rest, unharmed];
}
