import { expect, test } from 'vitest';
import { Failure } from '../../../../src/domain/failure.ts';
import { renderRecovery } from '../../../../src/domain/report/deploy/recovery.ts';
import { noAddresses } from '../../../../src/domain/text/server-names.ts';
import { hostOf } from '../samples.ts';

test('the summary of a post step says how it left each server', () => {
  const hosts = ['web1', 'web2'].map((server) =>
    hostOf(server, { state: 'reverted', live: '20261120080000', health: [] }),
  );
  expect(
    renderRecovery({ did: 'reverted the servers', hosts, failures: [] }, 'names', noAddresses),
  ).toMatchInlineSnapshot(`
    "## ↩️ The run was ended; its post step reverted the servers

    ### Servers

    | Server | Roles | State | Live | Health |
    | --- | --- | --- | --- | --- |
    | web1, web2 | web | ↩️ reverted | \`20261120080000\` | – |
    "
  `);
});

test('and what it could not do, with numbers where names are nobody’s business', () => {
  const failure = new Failure('IN_DOUBT', 'it could not be put back: web2 is silent', { server: 'web2' });
  const hosts = [
    hostOf('web1', { state: 'reverted' }),
    hostOf('web2', { state: 'in doubt', live: undefined, health: [], failures: [failure] }),
  ];
  const text = renderRecovery({ did: 'reverted the servers', hosts, failures: [failure] }, 'numbers', noAddresses);
  expect(text).toMatch(/^## ❌ The run was ended, and its post step could not clean up everything\n/);
  expect(text).toContain('**`IN_DOUBT`** on server 2: it could not be put back: server 2 is silent');
});
