import { expect, test } from 'vitest';
import { refuseSecrets } from '../../../src/actions/deploy/secrets-not-yet.ts';
import { plainFile, read } from '../../rig/reading.ts';

const secrets = 'secrets: {A: "env://A"}\n';

test('a deploy refuses files and hooks with secrets, and names them all', () => {
  const settings = read(`${plainFile}${secrets}deliver: [{to: shared/.env, secrets: [A]}]
hooks: {updated: [{name: migrate, run: x, secrets: [A]}]}`);
  expect(() => refuseSecrets(settings)).toThrow(
    expect.objectContaining({
      code: 'NOT_YET',
      problems: [
        expect.objectContaining({ message: '`deliver` of `shared/.env` comes with a later version.' }),
        expect.objectContaining({ message: '`secrets` of the hook `migrate` comes with a later version.' }),
      ],
    }),
  );
});

test('a deploy takes secrets that nothing uses', () => {
  expect(() => refuseSecrets(read(plainFile + secrets))).not.toThrow();
});
