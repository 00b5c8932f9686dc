import { Failure, together } from '../failure.ts';

/** What started this run, and what the stage would do in it. */
export interface TriggerFacts {
  /** The name of the event, `GITHUB_EVENT_NAME`. */
  readonly event: string;
  /** The event's payload, unverified. */
  readonly payload: unknown;
  /** Names of the hooks that run on the runner, in the workspace. */
  readonly localHooks: readonly string[];
  /** The GitHub environment that the stage names itself. */
  readonly environment: string | undefined;
}

/**
 * `TRIGGER_REFUSED` with every reason where this event must not deploy: somebody without write access could have
 * started it, or chosen what is checked out.
 */
export function refusedTrigger(facts: TriggerFacts): Failure | undefined {
  const reasons = reasonsAgainst(facts);
  if (reasons.length === 0) return undefined;
  const problems = reasons.map((reason) => new Failure('TRIGGER_REFUSED', reason));
  return together('TRIGGER_REFUSED', `A run that \`${eventName(facts.event)}\` started does not deploy.`, problems);
}

function reasonsAgainst(facts: TriggerFacts): string[] {
  switch (facts.event) {
    case 'pull_request_target':
      return [
        '`pull_request_target` gives the secrets of this repository to a run that anybody can start with a pull request.',
      ];
    case 'issue_comment':
      return ['`issue_comment` lets everybody who can comment start this run.'];
    case 'workflow_run':
      return startedByFork(facts.payload);
    case 'pull_request':
    case 'pull_request_review':
    case 'pull_request_review_comment':
      return unmergedCode(facts);
  }
  return [];
}

/**
 * Repositories are compared by id, since a name can be given to another one. A fork that was deleted has no repository
 * any more.
 */
function startedByFork(payload: unknown): string[] {
  const here = field(field(payload, 'repository'), 'id');
  const head = field(field(field(payload, 'workflow_run'), 'head_repository'), 'id');
  if (typeof here !== 'number' || typeof head !== 'number')
    return ['The event does not say which repository the run came from that started this one.'];
  return here === head ? [] : ['The run that started this one belongs to a fork.'];
}

function unmergedCode(facts: TriggerFacts): string[] {
  const reasons: string[] = [];
  if (facts.localHooks.length > 0)
    reasons.push(`A pull request would choose what the local hooks run: ${facts.localHooks.join(', ')}.`);
  if (facts.environment !== undefined)
    reasons.push(
      `The stage belongs to the environment \`${facts.environment}\`, and the code of a pull request is not merged yet.`,
    );
  return reasons;
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function eventName(event: string): string {
  return /^[a-z_]{1,64}$/.test(event) ? event : 'unknown event';
}
