import { reference, referenceOr } from './references.ts';
import { secretNames } from './store-words.ts';
import type { Read } from './vocabulary.ts';
import { choice, dictionary, duration, flag, map, text } from './vocabulary.ts';

const pin = () => text('a version or stage', /^[^&\s]+$/, 200);

const form = map({
  from: reference().describe('Where it lives.'),
  version: pin().optional().describe('The version to read, in place of the newest.'),
  stage: pin().optional().describe('The stage of a version, such as `AWSPREVIOUS`.'),
  max_age: duration('1s', '3650d').optional().describe('How old it may be before it counts as stale.'),
  on_stale: choice(['warn', 'fail']).prefault('warn').describe('What it means when it is stale.'),
  mask: flag()
    .prefault(true)
    .describe(
      '`false`: it is not hidden in logs, and the leak guard does not look for it. For values that are public.',
    ),
  fallback: reference().optional().describe('Where it is read when its store is unavailable.'),
  fallback_when: choice(['unavailable', 'unreachable'])
    .optional()
    .describe(
      '`unavailable`, the default: the store itself says so. `unreachable`: also when no connection comes about.',
    ),
  allow_fallback: flag().optional().describe('`true`: also on a stage with a gate.'),
}).superRefine((value, context) => {
  const complain = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
  if (value.version !== undefined && value.stage !== undefined)
    complain('stage', '"version" and "stage" exclude each other');
  for (const key of ['version', 'stage'] as const)
    if (value[key] !== undefined && (value.from.version ?? value.from.stage) !== undefined)
      complain(key, 'the reference names a version or stage already');
  for (const key of ['fallback_when', 'allow_fallback'] as const)
    if (value[key] !== undefined && value.fallback === undefined) complain(key, 'needs a "fallback"');
});

export const secrets = dictionary(secretNames(), referenceOr(form));
export type SecretForm = Read<typeof secrets>[string];
