import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPrivateKey } from '../../../src/adapters/ssh/keys.ts';
import { logIn } from '../../../src/adapters/ssh/login.ts';
import { dial } from '../../../src/adapters/ssh/socket.ts';
import { Secret } from '../../../src/domain/secrets/secret.ts';
import { suite } from '../../rig/part.ts';
import { startProxy } from '../../rig/proxy.ts';
import type { TestServers } from '../../rig/sshd.ts';
import { generateKey, missing, startServers } from '../../rig/sshd.ts';
import { calm, nth } from './opening.ts';

suite('a login', missing(), () => {
  let fixture: TestServers;
  beforeAll(async () => {
    fixture = await startServers({ count: 1 });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  /**
   * The verdict, and whether the client spoke at most `most` times. On a busy machine two turns can fall into one,
   * never one into two.
   */
  async function expectTurns(privateKey: string, verdict: string, most: number): Promise<void> {
    await using line = await startProxy({ port: nth(fixture, 0).port, roundTrip: 80 });
    const socket = await dial('127.0.0.1', line.port, calm());
    const result = await logIn(socket, {
      user: nth(fixture, 0).user,
      key: readPrivateKey(new Secret('ssh-private-key', privateKey), undefined),
      hostKeyTypes: ['ssh-ed25519'],
      verify: () => 'trusted',
      mayLogIn: async (attempt) => void (await attempt()),
      signal: calm(),
    });
    const { turns } = line;
    if (result.kind === 'open') await result.connection[Symbol.asyncDispose]();
    expect(result.kind).toBe(verdict);
    expect(turns).toBeLessThanOrEqual(most);
  }

  it('is four turns: version, algorithms, key exchange, and at last service, key and signature in one', async () => {
    await expectTurns(fixture.privateKey, 'open', 4);
    const ecdsa = generateKey(`${fixture.folder}/ecdsa`, 'ecdsa');
    fixture.allow(ecdsa.publicKey);
    await expectTurns(ecdsa.privateKey, 'open', 4);
  });

  it('with a key that the server does not take is refused in as many', async () => {
    await expectTurns(generateKey(`${fixture.folder}/foreign`, 'ed25519').privateKey, 'refused', 4);
  });

  it('with an RSA key first asks which algorithm is taken', async () => {
    const rsa = generateKey(`${fixture.folder}/rsa`, 'rsa');
    fixture.allow(rsa.publicKey);
    await expectTurns(rsa.privateKey, 'open', 6);
  });
});
