import { fileMode, secretGlob } from './store-words.ts';
import { absolutePath, releasePath, role, user } from './value-types.ts';
import type { Read } from './vocabulary.ts';
import { choice, list, map } from './vocabulary.ts';

/** One file that is made of secrets on the servers. */
const delivered = map({
  to: releasePath().describe(
    'Where: `shared/…` is one file for all releases, put back when a deploy is; any other path is inside the release, and comes and goes with it.',
  ),
  format: choice(['dotenv', 'json', 'docker', 'systemd', 'shell'])
    .prefault('dotenv')
    .describe('How it is written: dotenv, JSON, an env file of docker or of systemd, or one for a shell.'),
  mode: fileMode().prefault('0600').describe('Its permission bits.'),
  group: user().optional().describe('Its group, one of the groups of the user that writes it.'),
  secrets: list(secretGlob())
    .min(1, { error: 'expected at least one secret' })
    .describe('Names of secrets; `*` stands for any characters.'),
  roles: list(role())
    .prefault([])
    .describe('Only on servers with one of these roles; without it, on every server that has a release.'),
  allow_targets: list(absolutePath()).prefault([]).describe('Where a link at its place may lead, besides `shared/`.'),
}).refine(({ to }) => to !== 'shared', { path: ['to'], error: 'names a directory: write a file below it' });

export type DeliverForm = Read<typeof delivered>;

export const deliver = list(delivered, 50);
