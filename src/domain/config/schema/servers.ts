import { absolutePath, hostPattern, label, line, role, serverName, user } from './value-types.ts';
import type { Read } from './vocabulary.ts';
import { dictionary, flag, list, map, whole } from './vocabulary.ts';

const server = map({
  host: hostPattern().describe(
    'A name, an address, or a pattern that stands for several: `web[01:12].example.com`, `db[a:c]`.',
  ),
  name: serverName()
    .optional()
    .describe('Its label in logs, outputs and filters. Without it: the host, or host:port where a host comes twice.'),
  port: whole(1, 65_535).optional().describe('In place of `ssh.port`.'),
  user: user().optional().describe('In place of `ssh.user`.'),
  deploy_to: absolutePath().optional().describe('In place of the `deploy_to` of the stage.'),
  roles: list(role()).prefault([]).describe('What this server is for; hooks and probes name roles.'),
  labels: dictionary(label(), line())
    .prefault({})
    .describe('Words of your own about this server. Hooks read them in `SLIPWAY_LABELS`, one `name=text` on a line.'),
  primary: flag().prefault(false).describe('The first choice for hooks with `once`.'),
  no_release: flag().prefault(false).describe('Only hooks of its roles run there: no tree, no lock, no ledger.'),
}).refine((value) => !(value.primary && value.no_release), {
  path: ['primary'],
  error: 'contradicts "no_release": `once` hooks run where a release is',
});

export type ServerForm = Read<typeof server>;

export const servers = list(server).min(1, { error: 'expected at least one server' });
