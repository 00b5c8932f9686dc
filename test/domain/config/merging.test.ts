import { describe, expect, it } from 'vitest';
import { problems, read } from '../../rig/reading.ts';

const file = `application: shop
deploy_to: /srv/shop
keep_releases: 3
linked_dirs: [log, tmp/pids]
default_env: {RAILS_ENV: production, LANG: C}
ssh: {user: deploy, retries: 5}
artifact: {git: true, exclude: ["doc/**"]}
hooks:
  updated: [{name: bundle, run: bundle install}, {name: migrate, run: migrate}]
  published: [{name: restart, run: restart}]
stages:
  plain: {servers: [{host: a}]}
`;
const stage = (text: string) => read(`${file}  special: {servers: [{host: a}], ${text}}\n`, 'special');
const wrong = (text: string) => problems(`${file}  special: {servers: [{host: a}], ${text}}\n`, 'special');

describe('a stage and the file', () => {
  it('gives the stage what the file says', () => {
    expect(read(file, 'plain')).toMatchObject({
      keepReleases: 3,
      linkedDirs: ['log', 'tmp/pids'],
      ssh: { retries: 5 },
    });
  });

  it('lets single values and lists of the stage replace those of the file', () => {
    expect(stage('keep_releases: 9, linked_dirs: [storage], deploy_to: /srv/other')).toMatchObject({
      keepReleases: 9,
      linkedDirs: ['storage'],
    });
    expect(stage('deploy_to: /srv/other').servers[0]?.deployTo).toBe('/srv/other');
  });

  it('merges maps one level deep', () => {
    const merged = stage('ssh: {retries: 1}, default_env: {LANG: de, TZ: UTC}');
    expect(merged.ssh.retries).toBe(1);
    expect(merged.servers[0]?.user).toBe('deploy');
    expect(merged.defaultEnv).toEqual({ RAILS_ENV: 'production', LANG: 'de', TZ: 'UTC' });
  });

  it('edits lists by value', () => {
    expect(stage('linked_dirs: {append: [storage], remove: [log]}').linkedDirs).toEqual(['tmp/pids', 'storage']);
    expect(stage('linked_files: {append: [.env]}').linkedFiles).toEqual(['.env']);
    expect(stage('artifact: {exclude: {append: ["x/**"]}}').artifact.exclude).toEqual(['doc/**', 'x/**']);
  });

  it('edits lists of maps by name', () => {
    const { hooks } = stage('hooks: {updated: {remove: [migrate], append: [{name: assets, run: assets}]}}');
    expect(hooks.updated.map((hook) => hook.name)).toEqual(['bundle', 'assets']);
    expect(hooks.published.map((hook) => hook.name)).toEqual(['restart']);
  });

  it('lets a stage ship something else', () => {
    expect(stage('artifact: {path: build/}').artifact).toEqual({
      from: { kind: 'path', path: 'build' },
      subdirectory: undefined,
      exclude: ['doc/**'],
    });
    expect(stage('artifact: {archive: a.tgz}').artifact.from).toEqual({ kind: 'archive', path: 'a.tgz' });
  });

  it('reads variables called append and remove as variables', () => {
    expect(stage('default_env: {append: x}').defaultEnv).toMatchObject({ append: 'x', LANG: 'C' });
  });

  it.each([
    [
      'linked_dirs: {remove: [logs]}',
      ['13:58: stages.special.linked_dirs.remove[0]: the list of the file holds no "logs"'],
    ],
    ['linked_dirs: {add: [x]}', ['13:49: stages.special.linked_dirs.add: unknown key; known here: append, remove']],
    [
      'linked_dirs: {append: [../x]}',
      [
        '13:58: stages.special.linked_dirs.append[0]: expected a path inside the release: relative, without a "/" at its end, without empty, "." or ".." parts, found "../x"',
      ],
    ],
    [
      'linked_dirs: {append: [log/x]}',
      ['13:58: stages.special.linked_dirs.append[0]: lies inside "log", which is linked already'],
    ],
    ['linked_dirs: {append: 3}', ['13:57: stages.special.linked_dirs.append: expected a list, found 3']],
    ['default_env: {append: [x]}', ['13:57: stages.special.default_env.append: expected text, found a list']],
    [
      'linked_dirs: 3',
      ['13:48: stages.special.linked_dirs: expected a list, or a map of "append" and "remove", found 3'],
    ],
    [
      'application: x',
      ['13:35: stages.special.application: unknown key; docs/configuration.md lists all that are known here'],
    ],
    ['stages: {}', ['13:35: stages.special.stages: unknown key; did you mean "stores"?']],
    [
      'hooks: {updated: {append: [{run: x, roles: [db]}]}}',
      ['13:79: stages.special.hooks.updated.append[0].roles[0]: no server has the role "db"; no server has a role'],
    ],
    [
      'artifact: {path: a, archive: b.tar}',
      ['13:45: stages.special.artifact: expected exactly one of "git: true", "path" and "archive"'],
    ],
  ])('says where in the stage it is wrong: %s', (text, messages) => {
    expect(wrong(text)).toEqual(messages.map((message) => `CONFIG_INVALID slipway.yml:${message}`));
  });

  it('says where in the file it is wrong when the stage only inherits it', () => {
    const text = file.replace('name: restart, run: restart', 'name: restart, run: restart, roles: [web]');
    expect(problems(text, 'plain')).toEqual([
      'CONFIG_INVALID slipway.yml:10:53: hooks.published[0].roles[0]: no server has the role "web"; no server has a role',
    ]);
  });
});

describe('a role that only another stage has', () => {
  it('may be named by a hook of the whole file', () => {
    const text = `${file}  other: {servers: [{host: o.example.com, roles: [web]}]}\n`.replace(
      'name: restart, run: restart',
      'name: restart, run: restart, roles: [web]',
    );
    expect(problems(text, 'plain')).toEqual([]);
  });
});

describe('the stage that is asked for', () => {
  const two = `${file}  staging: {servers: [{host: b}]}\n`;

  it('may be left out where there is one', () => {
    expect(read(file).stage).toBe('plain');
    expect(read(file, '').stage).toBe('plain');
  });

  it.each([
    [undefined, 'STAGE_UNKNOWN slipway.yml has several stages, so one must be named: "plain", "staging".'],
    ['stagin', 'STAGE_UNKNOWN slipway.yml has no stage "stagin". Did you mean "staging"? It has: "plain", "staging".'],
    ['qa', 'STAGE_UNKNOWN slipway.yml has no stage "qa". It has: "plain", "staging".'],
    ['constructor', 'STAGE_UNKNOWN slipway.yml has no stage "constructor". It has: "plain", "staging".'],
    ['__proto__', 'STAGE_UNKNOWN slipway.yml has no stage "__proto__". It has: "plain", "staging".'],
    ['a\nb', 'STAGE_UNKNOWN slipway.yml has no stage "a\\nb". It has: "plain", "staging".'],
  ])('is refused when it is %j', (stage, message) => {
    expect(problems(two, stage)).toEqual([message]);
  });
});

describe('the text that the digest is taken of', () => {
  it('does not change with the order of keys, comments or anchors', () => {
    const one = read(
      'application: a\ndeploy_to: /a\nssh: {user: u, retries: 1}\nstages: {p: {servers: [{host: h}]}}\n',
    ).canonical;
    const other = read(
      'x-u: &u u # me\nstages: {p: {servers: [{host: h}]}}\nssh: {retries: 1, user: *u}\ndeploy_to: /a/\napplication: a\n',
    ).canonical;
    expect(other).toBe(one);
  });

  it('changes with what a deploy does, and not with what rollbacks obey', () => {
    const text = 'application: a\ndeploy_to: /a\nssh: {user: u}\nstages: {p: {servers: [{host: h}]}}\n';
    expect(read(`${text}keep_releases: 6\n`).canonical).not.toBe(read(text).canonical);
    expect(read(`${text}rollback: {drill: true}\n`).canonical).toBe(read(text).canonical);
  });
});
