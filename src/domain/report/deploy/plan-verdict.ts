import type { PlanView } from '../../fleet/outcome.ts';
import type { Voice } from '../../text/formatter.ts';
import { asked, count, listServers, sentence, short } from '../../text/phrases.ts';
import type { Finding } from '../findings.ts';
import { findingsOf } from '../findings.ts';
import type { Verdict } from './verdict.ts';

/** A plan or a check in one title and a few sentences. */
export function judgePlan(view: PlanView, voice: Voice): Verdict {
  const where = `${voice.outside(view.application)} on ${voice.outside(view.stage)}`;
  const found = findingsOf(view.problems);
  const problems = found.length;
  const first = found[0]?.failure;
  const cure = first === undefined || first.hint === '' ? undefined : sentence(voice.hint(first));
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
        sentences: problems === 0 ? intent(view, voice) : trouble(found, voice),
        cure,
      };
    case 'check':
      return {
        symbol: '🔎',
        title:
          problems > 0
            ? `Check: ${count(problems, 'problem')} on the way to ${where}`
            : lacksWayBack(view)
              ? `Check: ${where} would take a deploy, but there is no way back`
              : `Check: ${where} is ready`,
        sentences:
          problems === 0
            ? [`${everyOne(view.hosts.length)} could be reached and would take a deploy. ${unharmed}`]
            : trouble(found, voice),
        cure:
          problems === 0 && lacksWayBack(view)
            ? 'The next deploy makes one: what is live now is what it would go back to.'
            : cure,
      };
  }
}

/** Something is live, and nothing good is left to go back to: a check is red then. */
export function lacksWayBack(view: PlanView): boolean {
  return view.wayBack.possible === 'no' && view.hosts.some(({ from }) => from !== undefined);
}

function everyOne(servers: number): string {
  return servers === 1 ? 'The server' : servers === 2 ? 'Both servers' : `All ${servers} servers`;
}

const unharmed = 'Nothing was changed on any server.';

function intent(view: PlanView, voice: Voice): string[] {
  if (view.unchanged !== undefined)
    return [
      sentence(`It would change nothing: ${voice.outside(view.unchanged)}`),
      'To deploy all the same, set `force: true`.',
      unharmed,
    ];
  const batches = new Set(view.hosts.flatMap((host) => (host.batch === undefined ? [] : [host.batch]))).size;
  const how = batches > 1 ? ` in ${batches} batches` : '';
  const servers = listServers(
    view.hosts.map((host) => host.server),
    voice,
  );
  return [
    `It would put ${voice.id(short(view.revision))}${asked(view.refName, view.revision, voice)} live on ${servers}${how}.`,
    unharmed,
  ];
}

function trouble([first, ...others]: readonly Finding[], voice: Voice): string[] {
  if (first === undefined) return [unharmed];
  const where = first.servers.length === 0 ? '' : `On ${listServers(first.servers, voice)}: `;
  const rest = others.length === 0 ? [] : [`${count(others.length, 'more problem')} below.`];
  return [`${where}${sentence(voice.outside(first.failure.message))}`, ...rest, unharmed];
}
