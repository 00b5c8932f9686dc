import { readYaml } from '../../src/adapters/yaml.ts';
import type { Resolved } from '../../src/domain/config/reading/configuration.ts';
import { readConfiguration } from '../../src/domain/config/reading/configuration.ts';
import { Failure } from '../../src/domain/failure.ts';

/** The smallest text that the tests put their lines behind. */
export const plainFile = `application: shop
deploy_to: /srv/shop
ssh: {user: deploy}
stages: {production: {servers: [{host: web1, roles: [web]}]}}
`;

export function read(text: string, stage?: string): Resolved {
  return readConfiguration(readYaml('slipway.yml', text), stage);
}

/** Every problem as `CODE message`, in order. */
export function problems(text: string, stage?: string): readonly string[] {
  try {
    read(text, stage);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const all = error.problems.length > 0 ? error.problems : [error];
    return all.map((one) => `${one.code} ${one.message}`);
  }
}
