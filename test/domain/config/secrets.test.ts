import { describe, expect, it } from 'vitest';
import { readYaml } from '../../../src/adapters/yaml.ts';
import { readSecretsConfiguration, type SecretsSource } from '../../../src/domain/config/reading/secrets.ts';
import { asFailure } from '../../../src/domain/failure.ts';
import { plainFile, problems, read } from '../../rig/reading.ts';

const stores = `stores:
  main: {type: vault, url: "https://vault.example.com", auth: {method: jwt, role: "deploy-{stage}"}}
  file: {type: sops, path: "config/{stage}.enc.yaml", identity: "env://AGE_KEY"}
  op: {type: command, run: [op, read, "op://{locator}"], env: [OP_TOKEN]}
`;
const withStores = `${plainFile}${stores}`;
const line = withStores.split('\n').length;

describe('stores', () => {
  it('resolve with the stage filled in and references read', () => {
    expect(read(withStores).stores).toMatchObject({
      main: { type: 'vault', auth: { method: 'jwt', mount: 'jwt', role: 'deploy-production' }, audience: undefined },
      file: { path: 'config/production.enc.yaml', identity: { store: 'env', locator: 'AGE_KEY' } },
      op: { run: ['op', 'read', 'op://{locator}'], env: ['OP_TOKEN'], output: 'text', timeout: 30_000 },
    });
  });

  it('of a stage replace those of the file that have their names', () => {
    const text = `${stores}${plainFile.replace('{servers', '{stores: {file: {type: sops, path: other.yaml, identity: "main://age#key"}}, servers')}`;
    expect(read(text).stores).toMatchObject({ main: { type: 'vault' }, file: { path: 'other.yaml' } });
  });

  it.each([
    [
      'a: {type: valt}',
      '5:20: stores.a.type: expected "vault" or "aws" or "azure" or "gcp" or "sops" or "command" as "type", found "valt"',
    ],
    ['a: x', '5:13: stores.a: expected a map, found "x"'],
    [
      'env: {type: sops}',
      '5:10: stores.env: as a key: expected the name of a store: letters, digits, "_" and "-", and not "env", which is there already, found "env"',
    ],
    [
      'a: {type: sops, path: x.yaml}',
      '5:13: stores.a.identity: is missing: expected a reference such as "main://kv/app#field"',
    ],
    [
      'a: {type: sops, path: x, identity: "env://A", file: y}',
      '5:56: stores.a.file: unknown key; known here: type, path, identity',
    ],
    [
      'a: {type: aws, region: eu-west-1, endpoint: "http://aws.example.com"}',
      '5:54: stores.a.endpoint: expected an address that begins with https:// (http:// on loopback only), without user, password, "?" and "#", found "http://aws.example.com"',
    ],
    [
      'a: {type: vault, url: "https://{stage}.example.com", auth: {method: jwt, role: x}}',
      '5:32: stores.a.url: {stage} is not filled in here',
    ],
    [
      'a: {type: vault, url: "https://v", auth: {method: oidc}}',
      '5:60: stores.a.auth.method: expected "jwt" or "token" or "approle" or "cert" as "method", found "oidc"',
    ],
    [
      'a: {type: vault, url: "https://v", cert: c.pem, auth: {method: jwt, role: x}}',
      '5:51: stores.a.cert: "cert" and "key" belong together',
    ],
    [
      'a: {type: azure, vault: "evil.example/x", tenant: t, client: 11111111-2222-3333-4444-555555555555}',
      '5:34: stores.a.vault: expected the name of a Key Vault: letters, digits and "-", found "evil.example/x"',
    ],
    [
      'a: {type: command, run: [pass, show]}',
      '5:34: stores.a.run: expected {locator} in one of the words: it stands for the place of the secret',
    ],
    ['a: {type: command, run: ["{locator}"]}', '5:34: stores.a.run: the program itself cannot be a locator'],
    [
      'a: {type: command, run: [a, "{locator}"], env: [GITHUB_TOKEN]}',
      '5:58: stores.a.env[0]: expected the name of a variable, in capitals, that is none of the runner’s (INPUT_, STATE_, ACTIONS_, GITHUB_, RUNNER_), found "GITHUB_TOKEN"',
    ],
    [
      'a: {type: sops, path: x, identity: "b://x"}',
      '5:45: stores.a.identity: no store is called "b"; did you mean "a"?',
    ],
  ])('are refused with their place: %s', (written, message) => {
    expect(problems(`${plainFile}stores: {${written}}`)).toEqual([`CONFIG_INVALID slipway.yml:${message}`]);
  });

  it('may listen on loopback without TLS', () => {
    for (const host of ['127.0.0.1:8200', 'localhost:8200', '[::1]:8200'])
      expect(
        problems(`${plainFile}stores: {a: {type: vault, url: "http://${host}", auth: {method: jwt, role: x}}}`),
      ).toEqual([]);
  });

  it('must not need each other to be opened', () => {
    const written = 'a: {type: sops, path: x, identity: "b://k"}, b: {type: sops, path: y, identity: "a://k"}';
    expect(problems(`${plainFile}stores: {${written}}`)).toEqual([
      'CONFIG_INVALID slipway.yml:5:10: stores.a: needs credentials that can be read only when it is open itself',
      'CONFIG_INVALID slipway.yml:5:55: stores.b: needs credentials that can be read only when it is open itself',
    ]);
  });
});

describe('secrets', () => {
  it('resolve to requests, in the order of the file', () => {
    const text = `${withStores}secrets:
  URL: main://kv/{stage}#url
  DB_*: main://database/creds/app
  KEY: {from: "main://kv/key", version: "7", max_age: 90d, on_stale: fail, fallback: "file://key", fallback_when: unreachable}
  OPEN: {from: "env://OPEN", mask: false}
`;
    expect(read(text).secrets).toMatchObject([
      {
        names: { kind: 'single', name: 'URL' },
        from: { store: 'main', locator: 'kv/production', selector: { key: 'url' } },
        mask: 'masked',
      },
      { names: { kind: 'prefixed', prefix: 'DB_' }, onStale: 'warn', maxAge: undefined, fallback: undefined },
      {
        from: { version: '7' },
        maxAge: 7_776_000_000,
        onStale: 'fail',
        fallback: { from: { store: 'file' }, when: 'unreachable', gated: 'refused' },
      },
      { from: { store: 'env', locator: 'OPEN' }, mask: 'shown' },
    ]);
  });

  it.each([
    ['A: "main:/x"', '14', 'REFERENCE_INVALID', 'secrets.A: a reference is written `store://locator`'],
    [
      'A: "main://kv/x?v=1"',
      '26',
      'REFERENCE_INVALID',
      'secrets.A: behind `?` stands either `version=` or `stage=`, with a value',
    ],
    [
      'A: {from: env://low}',
      '27',
      'REFERENCE_INVALID',
      'secrets.A.from: behind `env://` stands the name of a variable, in capitals',
    ],
    [
      'A: env://GITHUB_TOKEN',
      '20',
      'REFERENCE_INVALID',
      'secrets.A: `env://` does not read the variables of the runner',
    ],
    ['A: vault://x', '14', 'CONFIG_INVALID', 'secrets.A: no store is called "vault"; there is env, file, main, op'],
    ['A: mian://x', '14', 'CONFIG_INVALID', 'secrets.A: no store is called "mian"; did you mean "main"?'],
    [
      'A: {from: "main://x", fallback: "fil://x"}',
      '43',
      'CONFIG_INVALID',
      'secrets.A.fallback: no store is called "fil"; did you mean "file"?',
    ],
    [
      'A: {from: "main://x", fallback_when: unreachable}',
      '48',
      'CONFIG_INVALID',
      'secrets.A.fallback_when: needs a "fallback"',
    ],
    [
      'A: {from: "main://x?version=1", stage: B}',
      '50',
      'CONFIG_INVALID',
      'secrets.A.stage: the reference names a version or stage already',
    ],
    ['A: "main://kv/**"', '11', 'CONFIG_INVALID', 'secrets.A: `/**` gives many secrets: write "NAME_*" as the name'],
    [
      'A-B: "main://x"',
      '11',
      'CONFIG_INVALID',
      'secrets.A-B: as a key: expected a name of letters, digits and "_", or "NAME_*" for many, found "A-B"',
    ],
    ['A: "main://x/{revision}"', '14', 'CONFIG_INVALID', 'secrets.A: {revision} is not filled in here'],
  ])('are refused with their place: %s', (written, column, code, message) => {
    expect(problems(`${withStores}secrets: {${written}}`)).toEqual([
      `${code} slipway.yml:${line}:${column}: ${message}`,
    ]);
  });

  it('are not shown where one stands in place of its reference', () => {
    for (const written of ['A: hunter2', 'A: 4711', 'A: [hunter2]', 'A: {from: hunter2}', 'A: {from: 4711}'])
      expect(problems(`${withStores}secrets: {${written}}`).join()).not.toMatch(/hunter2|4711/);
  });
});

describe('what uses secrets', () => {
  const text = `${withStores}secrets: {DATABASE_URL: "main://x", DB_*: "main://y", HOME: "main://h", PATH: "main://p"}\n`;
  it('resolves', () => {
    const { deliver, hooks, leakGuard, leakGuardIgnore, secretsDeadline } = read(`${text}deliver:
  - {to: shared/.env, secrets: [DATABASE_URL, "DB_*"], roles: [web]}
  - {to: config/db.json, format: json, mode: "0640", group: www, secrets: [DB_PASSWORD], allow_targets: [/etc/app]}
hooks: {updated: [{run: migrate, secrets: [DATABASE_URL, DB_USER]}]}
leak_guard: warn
leak_guard_ignore: ["docs/**"]
secrets_deadline: 90s
`);
    expect(deliver).toEqual([
      {
        to: 'shared/.env',
        format: 'dotenv',
        mode: '0600',
        group: undefined,
        secrets: ['DATABASE_URL', 'DB_*'],
        roles: ['web'],
        allowTargets: [],
      },
      {
        to: 'config/db.json',
        format: 'json',
        mode: '0640',
        group: 'www',
        secrets: ['DB_PASSWORD'],
        roles: [],
        allowTargets: ['/etc/app'],
      },
    ]);
    expect(hooks.updated[0]?.secrets).toEqual(['DATABASE_URL', 'DB_USER']);
    expect({ leakGuard, leakGuardIgnore, secretsDeadline }).toEqual({
      leakGuard: 'warn',
      leakGuardIgnore: ['docs/**'],
      secretsDeadline: 90_000,
    });
  });

  it.each([
    [
      'deliver: [{to: shared/.env, secrets: [DATABASE_URI]}]',
      'CONFIG_INVALID',
      '39: deliver[0].secrets[0]: no secret is called "DATABASE_URI"; did you mean "DATABASE_URL"?',
    ],
    [
      'deliver: [{to: shared/.env, secrets: ["X_*"]}]',
      'CONFIG_INVALID',
      '39: deliver[0].secrets[0]: no secret is called "X_*"',
    ],
    [
      'deliver: [{to: shared/.env, secrets: ["P*"]}]',
      'SECRET_NAME_REFUSED',
      '39: deliver[0].secrets[0]: PATH decides how programs are found or started, so no secret has this name in a delivered file',
    ],
    [
      'hooks: {updated: [{run: x, secrets: [HOME]}]}',
      'SECRET_NAME_REFUSED',
      '38: hooks.updated[0].secrets[0]: HOME is obeyed by shells, interpreters or the runner, so no secret has this name in an environment',
    ],
    [
      'deliver: [{to: shared/.env, secrets: [HOME], roles: [db]}]',
      'CONFIG_INVALID',
      '54: deliver[0].roles[0]: no server has the role "db"; there is web',
    ],
    [
      'deliver: [{to: shared/.env, secrets: [HOME], mode: "0644"}]',
      'CONFIG_INVALID',
      '52: deliver[0].mode: expected a mode such as "0600" or "0640", which gives others nothing, found "0644"',
    ],
    [
      'deliver: [{to: shared, secrets: [HOME]}]',
      'CONFIG_INVALID',
      '16: deliver[0].to: names a directory: write a file below it',
    ],
    [
      'deliver: [{to: a, secrets: [HOME]}, {to: a, secrets: [HOME]}]',
      'CONFIG_INVALID',
      '42: deliver[1].to: "a" is delivered twice',
    ],
    [
      'deliver: [{to: .env, secrets: [HOME]}]\nlinked_files: [.env]',
      'CONFIG_INVALID',
      '16: deliver[0].to: ".env" is a link to shared/: write "shared/.env"',
    ],
  ])('is refused with its place: %s', (written, code, message) => {
    expect(problems(text + written)).toEqual([`${code} slipway.yml:${line + 1}:${message}`]);
  });

  it('of a stage edits the files by where they go', () => {
    const own = text.replace('{servers', '{deliver: {remove: [b], append: [{to: c, secrets: [HOME]}]}, servers');
    const files = 'deliver: [{to: a, secrets: [HOME]}, {to: b, secrets: [HOME]}]';
    expect(read(own + files).deliver.map(({ to }) => to)).toEqual(['a', 'c']);
  });
});

describe('a configuration for secrets alone', () => {
  const configuration = (source: Partial<Record<'file' | 'stores' | 'stage', string>>) => {
    const document = (name: 'file' | 'stores') =>
      source[name] === undefined ? undefined : readYaml(name, source[name]);
    const given: SecretsSource = { file: document('file'), stores: document('stores'), stage: source.stage };
    return readSecretsConfiguration(given);
  };
  const refusal = (source: Parameters<typeof configuration>[0]) => {
    try {
      return String(configuration(source));
    } catch (thrown) {
      const failure = asFailure(thrown);
      return [failure, ...failure.problems].map(({ code, message }) => `${code} ${message}`).join('\n');
    }
  };
  const input = 'main: {type: sops, path: "{stage}.yaml", identity: "env://AGE_KEY"}';

  it('is a file without servers', () => {
    expect(configuration({ file: `${stores}secrets: {A: "main://x/{stage}"}`, stage: 'staging' })).toMatchObject({
      stage: 'staging',
      environment: undefined,
      stores: { main: { auth: { role: 'deploy-staging' } } },
      secrets: [{ from: { locator: 'x/staging' } }],
      secretsDeadline: 60_000,
    });
  });

  it('is a whole file too, of which the stage counts', () => {
    const file = `${withStores}secrets: {A: "main://x"}`.replace('{servers', '{environment: prod, servers');
    expect(configuration({ file })).toMatchObject({ stage: 'production', environment: 'prod', secrets: [{}] });
    expect(refusal({ file: `${file}\nnonsense: 1` })).toContain('nonsense: unknown key');
  });

  it('is nothing but stores, given as an input', () => {
    expect(configuration({ stores: input, stage: 'a' })).toMatchObject({
      stores: { main: { path: 'a.yaml' } },
      secrets: [],
    });
    expect(configuration({})).toEqual({
      stage: undefined,
      environment: undefined,
      stores: {},
      secrets: [],
      secretsDeadline: 60_000,
      undelivered: [],
    });
  });

  it('tells which linked files nothing delivers', () => {
    const file = `${plainFile}linked_files: [.env, config/key]\nsecrets: {A: "env://A"}\ndeliver: [{to: shared/.env, format: dotenv, secrets: [A]}]\n`;
    expect(configuration({ file }).undelivered).toEqual(['config/key']);
  });

  it('takes stores of the input for secrets of the file, in front of its own', () => {
    for (const file of ['secrets: {A: "main://x"}', `${plainFile}secrets: {A: "main://x"}`, withStores])
      expect(configuration({ file, stores: input, stage: 'production' }).stores['main']).toMatchObject({
        type: 'sops',
      });
  });

  it('is refused with the place of each mistake', () => {
    expect(refusal({ file: 'stores: {}\nsecret: {}' })).toBe(
      'CONFIG_INVALID file:2:1: secret: unknown key; did you mean "secrets"?',
    );
    expect(refusal({ file: 'secrets: {A: "x://y"}' })).toContain('file:1:14: secrets.A: no store is called "x"');
    expect(refusal({ stores: 'main: {type: sops}' })).toContain('stores:1:7: stores.main.path: is missing');
    expect(refusal({ stores: input })).toBe(
      'CONFIG_INVALID stores:1:26: stores.main.path: {stage} is not filled in: no stage is named',
    );
    expect(refusal({ stores: input, stage: '../x' })).toContain('INPUT_INVALID');
    expect(refusal({ file: 'a: 1' })).toContain('unknown key');
  });
});
