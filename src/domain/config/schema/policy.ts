import { line } from './value-types.ts';
import { choice, flag, later, list, map, notYet, share, text } from './vocabulary.ts';

/**
 * Who must approve what. Rollbacks and gated deploys come later; `rollback` is read and checked already, so that a file
 * that has it stays valid
 * when they come.
 */
const consent = {
  self_approval: flag().prefault(false).describe('`true`: whoever started the run may approve it.'),
  admin_bypass: choice(['forbid', 'allow'])
    .prefault('forbid')
    .describe('Whether administrators may bypass the protection of the environment.'),
};

const rollbackConsent = map({
  approval: flag()
    .prefault(true)
    .describe('An approval by somebody who did not start the run. `false` is for plans of GitHub without reviewers.'),
  ...consent,
});

const afterwards = map({
  quarantine: flag().prefault(true).describe('The release that was rolled back is never chosen again.'),
  hold: choice(['descendants', 'revision', 'off'])
    .prefault('descendants')
    .describe('What deploys refuse afterwards: the bad revision and all that follows it, only itself, or nothing.'),
});

const breakGlass = map({
  environments: list(line())
    .min(1, { error: 'expected at least one environment' })
    .describe('Environments in which `break-glass` works.'),
  ticket: text('a regular expression', /\S/, 500, isExpression)
    .optional()
    .describe('A regular expression that the ticket must fit.'),
});

export const rollback = map({
  require: rollbackConsent.optional().describe('What the gate asks for.'),
  events: list(line()).prefault(['workflow_dispatch']).describe('Events that may start a rollback.'),
  allowed_refs: list(line()).prefault(['main']).describe('Branches whose workflow may roll back.'),
  allowed_initiators: list(line())
    .prefault([])
    .describe('Logins that may roll back; empty: everybody who may start the workflow.'),
  secrets: choice(['current', 'as_released'])
    .prefault('current')
    .describe('Which version of its secrets the older release gets.'),
  unreachable_allowed: share(0, 50)
    .prefault('10%')
    .describe('Servers that may be left out because they cannot be reached; a percentage stands for at least one.'),
  added_files: choice(['warn', 'fail'])
    .prefault('warn')
    .describe('What it means when files appeared in a release since it was made.'),
  afterwards: afterwards.optional().describe('What happens to the release that was rolled back.'),
  drill: flag().prefault(false).describe('Whether a rollback may be practised on this stage.'),
  break_glass: breakGlass.optional().describe('Rolling back without an approval.'),
  floor: later().describe('The oldest release that may be chosen.'),
  max_age: later().describe('How old a release that is chosen may be.'),
});

const deployConsent = map({
  approval: flag()
    .refine((value) => !value, notYet)
    .prefault(false)
    .describe('`true`, a deploy behind the gate, comes later.'),
  ...consent,
});

export const deploy = map({ require: deployConsent.optional().describe('What the gate asks for.') });

export const audit = map({
  required: list(choice(['server']))
    .prefault(['server'])
    .describe('Sinks that must accept the record before anything is changed.'),
  sinks: later().describe('Where records go beside the servers: webhook, syslog, OTLP.'),
});

function isExpression(value: string): boolean {
  try {
    return new RegExp(value) instanceof RegExp;
  } catch {
    return false;
  }
}
