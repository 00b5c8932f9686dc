import { describe, expect, it } from 'vitest';
import { type Addresses, nameServers } from '../../../src/domain/text/server-names.ts';

const addresses: Addresses = {
  servers: [
    { name: 'canary', host: '10.0.0.9', port: 2222 },
    { name: 'two.example.com:2201', host: 'two.example.com', port: 2201 },
    { name: 'two.example.com:2202', host: 'two.example.com', port: 2202 },
    { name: 'loop', host: '::1', port: 22 },
    { name: 'short', host: 'a', port: 22 },
    { name: 'rooted', host: 'six.example.com.', port: 22 },
    { name: 'db', host: 'db', port: 22 },
  ],
  jumps: [{ host: 'bastion.example.com', port: 22 }],
};
const names = addresses.servers.map(({ name }) => name);

describe('where servers have numbers', () => {
  const { redact } = nameServers('numbers', names, addresses);

  it.each([
    ['canary (app@10.0.0.9:2222) refuses.', 'server 1 (server 1) refuses.'],
    ['add to known_hosts: [10.0.0.9]:2222 ssh-ed25519 AAAA', 'add to known_hosts: server 1 ssh-ed25519 AAAA'],
    ['The bastion ops@bastion.example.com:22 is gone', 'The bastion (hidden) is gone'],
    ['connect ECONNREFUSED 10.0.0.9:80, or connect:10.0.0.9', 'connect ECONNREFUSED server 1, or connect:server 1'],
    ['two.example.com:2202 and TWO.example.com.', 'server 3 and server 2.'],
    ['loop (app@[::1]:22): ::1', 'server 4 (server 4): server 4'],
    ['app@six.example.com.:22, six.example.com. Or six.example.com', 'server 6, server 6. Or server 6'],
    ['a:22 [canary] https://canary/up', 'server 5 [server 1] https://server 1/up'],
    [
      'db:failed connect:db PG:db:5432 canary@x fe80::db',
      'server 7:failed connect:server 7 PG:server 7:5432 server 1@x fe80::db',
    ],
  ])('%s', (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  it.each([
    '110.0.0.9',
    '10.0.0.99',
    '10.0.0.9.example.com',
    'fe80::1',
    '::1:2',
    'fe80::a:1',
    'a-b a.b b.a cat',
    'x@example.com',
    '[::2]:22',
    '-'.repeat(80),
  ])('but %s is another word', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('an address of a server that is not told of is a server', () => {
    expect(nameServers('numbers', [], addresses).redact('app@10.0.0.9:2222')).toBe('a server');
  });

  it('a thousand servers are found at once, however long the text', () => {
    const servers = Array.from({ length: 1000 }, (_, index) => ({
      name: `web${index}`,
      host: `10.0.${index >> 8}.${index & 255}`,
      port: 22,
    }));
    const many = nameServers(
      'numbers',
      servers.map(({ name }) => name),
      { servers, jumps: [] },
    );
    const began = performance.now();
    for (let times = 0; times < 100; times += 1)
      many.redact(`${'.'.repeat(1000)}${'a'.repeat(1000)} ${'a-'.repeat(1000)}`);
    expect(performance.now() - began).toBeLessThan(2000);
    expect(many.redact('app@10.0.3.231:22')).toBe('server 1000');
  });
});

it('where servers have names, texts stay as they are', () => {
  expect(nameServers('names', names, addresses).redact('canary (app@10.0.0.9:2222)')).toBe(
    'canary (app@10.0.0.9:2222)',
  );
});
