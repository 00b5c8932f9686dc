import { describe, expect, it } from 'vitest';
import { plainFile, problems } from '../../rig/reading.ts';

/** Each line stands behind the plain file, so on line 5. */
const table: readonly (readonly [string, ...string[]])[] = [
  ['aplication: x', '5:1: aplication: unknown key; did you mean "application"?'],
  ['keep-releases: 3', '5:1: keep-releases: unknown key; did you mean "keep_releases"?'],
  ['servers: []', '5:1: servers: unknown key; docs/configuration.md lists all that are known here'],
  ['"a\\nb": 1', '5:1: "a\\nb": unknown key; docs/configuration.md lists all that are known here'],
  ['keep_releases: 0', '5:16: keep_releases: expected a whole number from 1 to 1000, found 0'],
  ['keep_releases: "5"', '5:16: keep_releases: expected a whole number from 1 to 1000, found "5"'],
  ['keep_releases: .inf', '5:16: keep_releases: expected a whole number from 1 to 1000, found Infinity'],
  ['keep_releases:', '5:15: keep_releases: expected a whole number from 1 to 1000, found nothing'],
  ['engine: Capistrano', '5:9: engine: expected "native" or "capistrano", found "Capistrano"'],
  ['linked_files: .env', '5:15: linked_files: expected a list, found ".env"'],
  ['linked_dirs: [log, log]', '5:20: linked_dirs[1]: "log" is linked twice'],
  ['linked_dirs: [tmp, tmp/pids]', '5:20: linked_dirs[1]: lies inside "tmp", which is linked already'],
  ['linked_files: [a/b]\nlinked_dirs: [a]', '5:16: linked_files[0]: lies inside "a", which is linked already'],
  ['linked_files: [REVISION]', '5:16: linked_files[0]: REVISION is a file that Slipway writes'],
  ['linked_dirs: [REVISION_TIME/x]', '5:15: linked_dirs[0]: REVISION_TIME is a file that Slipway writes'],
  ...['../up', '/etc', 'a/./b', 'a//b', 'a/..', 'tmp/', '', '.', '"a\\nb"'].map((path): readonly [string, string] => [
    `linked_dirs: [${path === '' ? '""' : path}]`,
    `5:15: linked_dirs[0]: expected a path inside the release: relative, without a "/" at its end, without empty, "." or ".." parts, found ${path.startsWith('"') ? path : `"${path}"`}`,
  ]),
  [
    'mutable: ["!log"]',
    '5:11: mutable[0]: expected a pattern of paths inside the release, without "!" in front, ".." parts, "{a,b}" or a range that falls, found "!log"',
  ],
  [
    'mutable: ["log/[z-a]"]',
    '5:11: mutable[0]: expected a pattern of paths inside the release, without "!" in front, ".." parts, "{a,b}" or a range that falls, found "log/[z-a]"',
  ],
  [
    'hooks: {updated: [{run: migrate, when: {changed: ["db/{migrate,seeds}/**"]}}]}',
    '5:51: hooks.updated[0].when.changed[0]: expected a pattern of paths inside the release, without "!" in front, ".." parts, "{a,b}" or a range that falls, found "db/{migrate,seeds}/**"',
  ],
  ['default_env: {PORT: 3000}', '5:21: default_env.PORT: expected text, found 3000: put it in quotes'],
  [
    'default_env: {SLIPWAY_STAGE: x}',
    '5:15: default_env.SLIPWAY_STAGE: as a key: expected a name of letters, digits and "_" that does not begin with SLIPWAY_, found "SLIPWAY_STAGE"',
  ],
  [
    'default_env: {"A=B": x}',
    '5:15: default_env."A=B": as a key: expected a name of letters, digits and "_" that does not begin with SLIPWAY_, found "A=B"',
  ],
  [
    'limits: {command_timeout: 10}',
    '5:27: limits.command_timeout: expected a duration such as "10m", from 1s to 1d, found 10',
  ],
  [
    'limits: {idle_timeout: 2d}',
    '5:24: limits.idle_timeout: expected a duration such as "10m", from 1s to 1d, found "2d"',
  ],
  [
    'limits: {min_free_disk: 1GiB}',
    '5:25: limits.min_free_disk: expected a size such as "500MB", from 0MB to 1000TB, found "1GiB"',
  ],
  ['lock: {lease: 1s}', '5:15: lock.lease: expected a duration such as "10m", from 2m to 1d, found "1s"'],
  ['strategy: {max_parallel: 0}', '5:26: strategy.max_parallel: expected a whole number from 1 to 1000, found 0'],
  [
    'strategy: {unreachable_allowed: 51%}',
    '5:33: strategy.unreachable_allowed: expected a count from 0, or a share from 0% to 50%, found "51%"',
  ],
  ['strategy: {batches: []}', '5:21: strategy.batches: expected at least one batch'],
  [
    'strategy: {batches: [0, 100%]}',
    '5:22: strategy.batches[0]: expected a count from 1, or a share from 1% to 100%, found 0',
  ],
  [
    'strategy: {batches: [1, 25%]}',
    '5:25: strategy.batches[1]: the last batch must be 100%, so that no server is left out',
  ],
  [
    'strategy: {batches: [50%, 25%, 100%]}',
    '5:27: strategy.batches[1]: switches no server: each batch names how many are switched when it is done, so the numbers must grow',
  ],
  [
    'strategy: {batches: [100%, 100%]}',
    '5:28: strategy.batches[1]: switches no server: each batch names how many are switched when it is done, so the numbers must grow',
  ],
  ['artifact: {git: true, path: build}', '5:11: artifact: expected exactly one of "git: true", "path" and "archive"'],
  ['artifact: {git: false}', '5:11: artifact: expected exactly one of "git: true", "path" and "archive"'],
  [
    'artifact: {archive: build.zip}',
    '5:21: artifact.archive: expected a path inside the workspace that ends in .tar, .tar.gz or .tgz, found "build.zip"',
  ],
  ['become: {}', '5:9: become.user: is missing: expected a user name'],
  ['become: {user: "a b"}', '5:16: become.user: expected a user name, found "a b"'],
  ['summary: {servers: both}', '5:20: summary.servers: expected "names" or "numbers", found "both"'],
  [
    'rollback: {break_glass: {environments: [x], ticket: "("}}',
    '5:53: rollback.break_glass.ticket: expected a regular expression, found "("',
  ],
  ['rollback: {requires: {}}', '5:12: rollback.requires: unknown key; did you mean "require"?'],
  ['audit: {required: [syslog]}', '5:20: audit.required[0]: expected "server", found "syslog"'],
  ['hooks: {publised: []}', '5:9: hooks.publised: unknown key; did you mean "published"?'],
  ['hooks: {updated: {run: x}}', '5:18: hooks.updated: expected a list, found a map'],
  ['hooks: {updated: [{name: x}]}', '5:19: hooks.updated[0]: expected exactly one of "run" and "local"'],
  ['hooks: {updated: [{run: x, local: y}]}', '5:19: hooks.updated[0]: expected exactly one of "run" and "local"'],
  [
    'hooks: {updated: [{run: x, once: true, max_parallel: 2}]}',
    '5:54: hooks.updated[0].max_parallel: contradicts "once": that is one server only',
  ],
  [
    'hooks: {updated: [{local: x, roles: [web]}]}',
    '5:37: hooks.updated[0].roles: a local hook runs on the runner: it has no roles',
  ],
  [
    'hooks: {started: [{run: x, when: {changed: [a]}}]}',
    '5:34: hooks.started[0].when: what changes is known only when the release is uploaded: from "updating" on',
  ],
  ['hooks: {reverted: [{local: x}]}', '5:28: hooks.reverted[0].local: a rollback has no workspace: use "run" here'],
  [
    'hooks: {updated: [{run: x, roles: [wbe]}]}',
    '5:36: hooks.updated[0].roles[0]: no server has the role "wbe"; there is web',
  ],
  [
    'hooks: {updated: [{run: x, name: a}, {run: y, name: a}]}',
    '5:38: hooks.updated[1]: another one here is called "a" too: give it a name of its own',
  ],
  [
    'hooks: {updated: [{run: x, name: "a\\nb"}]}',
    '5:34: hooks.updated[0].name: expected text on one line, found "a\\nb"',
  ],
  [
    'hooks: {updated: [{run: x, when: {changed: []}}]}',
    '5:44: hooks.updated[0].when.changed: expected at least one pattern',
  ],
  ['health: [{name: up}]', '5:10: health[0]: expected exactly one of "http" and "run"'],
  [
    'health: [{http: "ftp://x/"}]',
    '5:17: health[0].http: expected a URL that begins with http:// or https://, without user or password, found "ftp://x/"',
  ],
  [
    'health: [{http: "http://u:p@x/"}]',
    '5:17: health[0].http: expected a URL that begins with http:// or https://, without user or password, found "http://u:p@x/"',
  ],
  [
    'health: [{http: "http://"}]',
    '5:17: health[0].http: expected a URL that begins with http:// or https://, without user or password, found "http://"',
  ],
  ...['b\\r\\nC: d', '\u2713', '\u0100'].map((value): readonly [string, string] => [
    `health: [{http: "http://x/", headers: {A: "${value}"}}]`,
    `5:43: health[0].headers.A: expected the value of a header, on one line, of characters up to U+00FF, found "${value}"`,
  ]),
  ['health: [{run: x, expect: {status: 200}}]', '5:27: health[0].expect: belongs to "http", not to "run"'],
  [
    'health: [{run: x, healthy_after: 40}]',
    '5:10: health[0].deadline: "healthy_after" and "interval" need more than 78 s, so this cannot be met',
  ],
  ['health: [{run: x, roles: [db]}]', '5:27: health[0].roles[0]: no server has the role "db"; there is web'],
  [
    'health: [{http: "http://x/", expect: {status: 99}}]',
    '5:47: health[0].expect.status: expected a whole number from 100 to 599, found 99',
  ],
  ['health: [{run: x}, {run: x}]', '5:20: health[1]: another one here is called "x" too: give it a name of its own'],
  [
    'deploy_two: /x\nfoo: 1',
    '5:1: deploy_two: unknown key; did you mean "deploy_to"?',
    '6:1: foo: unknown key; docs/configuration.md lists all that are known here',
  ],
];

describe('a message names file, line, column, key and fault', () => {
  it.each(table)('%s', (lines, ...messages) => {
    expect(problems(plainFile + lines)).toEqual(messages.map((message) => `CONFIG_INVALID slipway.yml:${message}`));
  });
});

describe('the value of a header', () => {
  it.each(['', 'shop.example.com', 'a\\tb', 'Köln ÿ', '~'])('may be "%s"', (value) => {
    expect(problems(`${plainFile}health: [{http: "http://x/", headers: {A: "${value}"}}]`)).toEqual([]);
  });
});

describe('what is not built yet', () => {
  it.each([
    ['freeze: x', '5:1: freeze: belongs to a later version of Slipway'],
    ['engine: capistrano', '5:1: engine: "capistrano" belongs to a later version of Slipway'],
    ['artifact: {url: "https://x"}', '5:12: artifact.url: belongs to a later version of Slipway'],
    ['artifact: {attestation: required}', '5:12: artifact.attestation: belongs to a later version of Slipway'],
    ['artifact: {archive: x.tar.zst}', '5:12: artifact.archive: "x.tar.zst" belongs to a later version of Slipway'],
    ['rollback: {floor: 3}', '5:12: rollback.floor: belongs to a later version of Slipway'],
    ['rollback: {max_age: 90d}', '5:12: rollback.max_age: belongs to a later version of Slipway'],
    [
      'deploy: {require: {approval: true}}',
      '5:20: deploy.require.approval: true belongs to a later version of Slipway',
    ],
    ['audit: {sinks: []}', '5:9: audit.sinks: belongs to a later version of Slipway'],
  ])('is known and refused: %s', (line, message) => {
    expect(problems(plainFile + line)).toEqual([`NOT_YET slipway.yml:${message}`]);
  });

  it('is refused in a stage that is not used, too', () => {
    const other = plainFile.replace('stages: {', 'stages: {other: {servers: [{host: x}], freeze: []}, ');
    expect(problems(other, 'production')).toEqual([
      'NOT_YET slipway.yml:4:40: stages.other.freeze: belongs to a later version of Slipway',
    ]);
  });
});

describe('all problems are told together', () => {
  it('those of the text, of other stages and of how the parts fit', () => {
    const text = `application: shop
deploy_to: /srv/shop
ssh: {user: deploy, prot: 22}
keep_releases: none
hooks:
  updated: [{run: x, roles: [db]}]
stages:
  production: {servers: [{host: web1, roles: [web]}]}
  staging: {servers: []}
`;
    expect(problems(text, 'production')).toEqual([
      'CONFIG_INVALID slipway.yml:3:21: ssh.prot: unknown key; did you mean "port"?',
      'CONFIG_INVALID slipway.yml:4:16: keep_releases: expected a whole number from 1 to 1000, found "none"',
      'CONFIG_INVALID slipway.yml:6:30: hooks.updated[0].roles[0]: no server has the role "db"; there is web',
      'CONFIG_INVALID slipway.yml:9:22: stages.staging.servers: expected at least one server',
    ]);
  });

  it('says what is missing where it should stand', () => {
    expect(problems('deploy_to: /srv/shop\n')).toEqual([
      'CONFIG_INVALID slipway.yml:1:1: application: is missing: expected a name of letters, digits, ".", "_" and "-"',
      'CONFIG_INVALID slipway.yml:1:1: stages: is missing: expected a map',
    ]);
  });

  it('says of an empty file only that', () => {
    expect(problems('')).toEqual([
      'CONFIG_INVALID slipway.yml:1:1: the file is empty: docs/configuration.md shows the smallest one that works',
    ]);
  });
});
