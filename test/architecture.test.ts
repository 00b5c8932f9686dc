import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAst } from 'vitest/node';

/**
 * The law of the house, as tables. The linter says the same while one types; this also sees `import()` and what runs on
 * import.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  actions: ['actions', 'flows', 'adapters', 'ports', 'domain', 'generated'],
  flows: ['flows', 'ports', 'domain'],
  adapters: ['adapters', 'ports', 'domain'],
  ports: ['ports', 'domain'],
  domain: ['domain', 'generated'],
  generated: [],
};

/**
 * Which room imports which others, exactly: an arrow that nothing uses any more has to go. A room is a folder, `.` the
 * files at the root of a layer. The difference that a failing test prints shows each row as it should stand here.
 */
const rooms: Readonly<Record<string, Arrows>> = {
  actions: { actions: 'deploy rollback secrets-fetch' },
  'actions/deploy': {
    actions: 'job',
    adapters: 'runner',
    domain: '. config fleet hooks report report/deploy text',
    flows: '. deploy',
    generated: '.',
    ports: '.',
  },
  'actions/job': {
    adapters: '. artifacts github runner ssh',
    domain: '. artifact config config/reading github hooks report secrets ssh text',
    flows: '.',
    generated: '.',
    ports: '.',
  },
  'actions/rollback': { actions: 'job' },
  'actions/secrets-fetch': {
    actions: 'job',
    adapters: '. runner stores stores/vault',
    domain: '. config/reading report/secrets secrets secrets/formats secrets/policies text',
    flows: 'secrets',
    generated: '.',
    ports: '.',
  },
  adapters: { domain: '. config/reading health secrets/sops text', ports: '.' },
  'adapters/artifacts': { adapters: 'runner', domain: '. artifact text', ports: '.' },
  'adapters/github': { adapters: '.', domain: '. github secrets text', ports: '.' },
  'adapters/runner': { adapters: '.', domain: '. remote report secrets text', ports: '.' },
  'adapters/ssh': { adapters: '.', domain: '. remote secrets ssh', ports: '.' },
  'adapters/stores': {
    adapters: '. stores/client stores/vault',
    domain: '. secrets secrets/sops secrets/trust text',
    ports: '.',
  },
  'adapters/stores/client': { adapters: '.', domain: '. secrets', ports: '.' },
  'adapters/stores/vault': { adapters: 'stores/client', domain: '. secrets text', ports: '.' },
  'domain/artifact': { domain: '. globs' },
  'domain/config': { domain: '. artifact health hooks secrets text' },
  'domain/config/reading': { domain: '. artifact config config/schema health hooks secrets text' },
  'domain/config/schema': { domain: 'config globs hooks secrets text' },
  'domain/fleet': { domain: '. config hooks programs release text tree' },
  'domain/github': { domain: '.' },
  'domain/hooks': { domain: '. globs' },
  'domain/programs': { domain: '. health release remote text tree', generated: '.' },
  'domain/release': { domain: '. hooks tree' },
  'domain/remote': { domain: 'text', generated: '.' },
  'domain/report': { domain: '. fleet text' },
  'domain/report/deploy': { domain: '. fleet release report text' },
  'domain/report/secrets': { domain: '. report secrets text' },
  'domain/secrets': { domain: '. globs text' },
  'domain/secrets/formats': { domain: '. secrets text' },
  'domain/secrets/policies': { domain: 'remote secrets' },
  'domain/secrets/sops': { domain: '. text' },
  'domain/secrets/trust': { domain: 'remote secrets secrets/policies text' },
  'domain/ssh': { domain: '.' },
  'domain/text': { domain: '.' },
  'domain/tree': { domain: '. remote' },
  flows: { domain: '. config fleet release remote tree', ports: '.' },
  'flows/deploy': {
    domain: '. artifact config fleet programs release report/deploy tree',
    flows: '. fleet hooks lock release',
    ports: '.',
  },
  'flows/fleet': { domain: '. config fleet hooks programs remote text tree', flows: '.', ports: '.' },
  'flows/hooks': { domain: '. config hooks remote text tree', flows: '. fleet', ports: '.' },
  'flows/lock': { domain: '. programs remote text tree', flows: '. fleet', ports: '.' },
  'flows/release': {
    domain: '. artifact config fleet health hooks programs release remote text tree',
    flows: '. fleet hooks',
    ports: '.',
  },
  'flows/secrets': { domain: '. secrets', ports: '.' },
  ports: { domain: '. artifact health remote secrets' },
};

/** The one file, or for zod the one folder, that imports a package. */
const owners: Readonly<Record<string, RegExp>> = {
  '@actions/core': /^adapters\/runner\/runner\.ts$/,
  '@actions/exec': /^adapters\/runner\/local-command\.ts$/,
  '@actions/github': /^adapters\/github\/runs\.ts$/,
  '@aws-sdk/client-secrets-manager': /^adapters\/stores\/aws\.ts$/,
  'age-encryption': /^adapters\/stores\/age\.ts$/,
  '@aws-sdk/credential-provider-web-identity': /^adapters\/stores\/aws\.ts$/,
  jose: /^adapters\/github\/identity\.ts$/,
  'node-vault': /^adapters\/stores\/vault\.ts$/,
  ssh2: /^adapters\/ssh\/[\w-]+\.ts$/,
  'tar-stream': /^adapters\/artifacts\/tar\.ts$/,
  yaml: /^adapters\/yaml\.ts$/,
  zod: /^domain\/config\//,
};
const sharedPackages = ['zod'];

const readsEnvironment = ['adapters/runner/runner.ts'];
const hasEffectOnImport = /^actions\/[\w-]+\/(main|post)\.ts$/;
const emptyFolders = /^(utils?|helpers?|common|misc)$/;
const emptyNames = /(Impl|Manager|Helper|Utils?)$/;

/** By layer: the rooms of it that are imported, divided by spaces. */
type Arrows = Readonly<Record<string, string>>;
interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}
interface Source {
  /** Relative to `src/`. */
  readonly path: string;
  readonly body: readonly Node[];
  readonly imports: readonly string[];
}

const root = join(import.meta.dirname, '..', 'src');
const sources = globSync('**/*.ts', { cwd: root }).sort().map(readSource);

function readSource(path: string): Source {
  const { body } = parseAst(readFileSync(join(root, path), 'utf8'), { lang: 'ts' }) as unknown as { body: Node[] };
  const imports = [...nodes(body)].flatMap(({ type, source }) =>
    /^(Import|Export)/.test(type) && isNode(source) ? [String(source['value'])] : [],
  );
  return { path, body, imports };
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';
}

/** Every node below `value`; nothing inside functions where only what runs on import is asked for. */
function* nodes(value: unknown, reach: 'everything' | 'what runs on import' = 'everything'): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodes(item, reach);
  if (!isNode(value)) return;
  if (reach === 'what runs on import' && /Function|MethodDefinition/.test(value.type)) return;
  yield value;
  for (const child of Object.values(value)) if (typeof child === 'object') yield* nodes(child, reach);
}

const room = (path: string) => dirname(path);
const layer = (path: string) => path.split('/')[0] ?? '';
const own = (source: Source) =>
  source.imports
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, join(root, dirname(source.path), name)));
const packages = (source: Source) =>
  source.imports.filter((name) => !/^(\.|node:)/.test(name)).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);

/** `path: what` for everything that `find` names in a source. */
function offences(find: (source: Source) => readonly string[]): readonly string[] {
  return sources.flatMap((source) => find(source).map((what) => `${source.path}: ${what}`));
}

const withNode = (matches: (node: Node) => boolean, what: string) => (source: Source) =>
  [...nodes(source.body)].some(matches) ? [what] : [];

describe('layers', () => {
  test('every file lies in a layer', () => {
    expect(sources.map(({ path }) => path).filter((path) => !(layer(path) in mayImport))).toEqual([]);
  });

  test('nothing is imported upwards', () => {
    expect(
      offences((source) => own(source).filter((path) => !mayImport[layer(source.path)]?.includes(layer(path)))),
    ).toEqual([]);
  });

  test('no file imports itself by way of others', () => {
    const graph = new Map(sources.map((source) => [source.path, own(source)]));
    expect(sources.map(({ path }) => circle(graph, [path])).filter((found) => found !== undefined)).toEqual([]);
  });

  test('the domain imports no module of Node', () => {
    expect(
      offences((source) =>
        layer(source.path) === 'domain' ? source.imports.filter((name) => name.startsWith('node:')) : [],
      ),
    ).toEqual([]);
  });

  test('ports are types only', () => {
    const isType = (node: Node) =>
      /^TS(Interface|TypeAlias)Declaration$/.test(node.type) ||
      (/^(Import|Export)/.test(node.type) && (node['importKind'] === 'type' || node['exportKind'] === 'type'));
    expect(
      offences((source) =>
        layer(source.path) === 'ports' ? source.body.filter((node) => !isType(node)).map(({ type }) => type) : [],
      ),
    ).toEqual([]);
  });
});

describe('rooms', () => {
  const byRoom = Map.groupBy(sources, ({ path }) => room(path));
  const graph = new Map(
    [...byRoom].map(([name, files]) => [name, [...new Set(files.flatMap(own).map(room))].filter((to) => to !== name)]),
  );

  test('import each other as the table says, and no arrow stands there in vain', () => {
    const used = [...graph].filter(([, to]) => to.length > 0);
    expect(Object.fromEntries(used.map(([name, to]) => [name, arrowsTo(to)]))).toEqual(rooms);
  });

  test('no room imports itself by way of others', () => {
    expect([...graph.keys()].map((name) => circle(graph, [name])).filter((found) => found !== undefined)).toEqual([]);
  });
});

describe('packages', () => {
  test('each is imported by its owner', () => {
    expect(offences((source) => packages(source).filter((name) => !owners[name]?.test(source.path)))).toEqual([]);
  });

  test('each is imported by one file', () => {
    const importers = (name: string) =>
      sources.filter((source) => packages(source).includes(name)).map(({ path }) => path);
    const crowded = Object.keys(owners).filter((name) => !sharedPackages.includes(name) && importers(name).length > 1);
    expect(crowded.map((name) => `${name}: ${importers(name).join(', ')}`)).toEqual([]);
  });
});

describe('effects', () => {
  test('only main.ts and post.ts do something on import', () => {
    const acts = (node: Node) =>
      !/^(Import|Export|Variable|Function|Class|TS)\w*Declaration$/.test(node.type) ||
      [...nodes(node, 'what runs on import')].some(({ type }) => type === 'AwaitExpression');
    expect(
      offences(({ path, body }) => (hasEffectOnImport.test(path) ? [] : body.filter(acts).map(({ type }) => type))),
    ).toEqual([]);
  });

  test('no module that others import keeps state', () => {
    const declared = (body: readonly Node[]) =>
      body.map((node) => (isNode(node['declaration']) ? node['declaration'] : node));
    const kept = ({ path, body }: Source) => (hasEffectOnImport.test(path) ? [] : declared(body).filter(keepsState));
    expect(offences((source) => kept(source).map(({ type }) => type))).toEqual([]);
  });

  test('the environment is read where the runner is and nowhere else', () => {
    const reads = (node: Node) =>
      node.type === 'MemberExpression' &&
      isNode(node['object']) &&
      node['object']['name'] === 'process' &&
      isNode(node['property']) &&
      node['property']['name'] === 'env';
    expect(
      offences((source) => (readsEnvironment.includes(source.path) ? [] : withNode(reads, 'process.env')(source))),
    ).toEqual([]);
  });
});

describe('style', () => {
  test('names say what a thing is', () => {
    const declared = ({ type, id }: Node) =>
      /Declaration$|Declarator$/.test(type) && isNode(id) ? [String(id['name'])] : [];
    const words = ({ path }: Source) => path.replace(/\.ts$/, '').split('/');
    const names = (source: Source) => [...words(source), ...[...nodes(source.body)].flatMap(declared)];
    expect(offences((source) => words(source).filter((word) => emptyFolders.test(word)))).toEqual([]);
    expect(offences((source) => names(source).filter((name) => emptyNames.test(name)))).toEqual([]);
  });

  test('there is no any, no enum and no default export', () => {
    const banned = ['TSAnyKeyword', 'TSEnumDeclaration', 'ExportDefaultDeclaration'];
    expect(
      offences((source) => banned.flatMap((type) => withNode((node) => node.type === type, type)(source))),
    ).toEqual([]);
  });
});

function arrowsTo(names: readonly string[]): Arrows {
  const byLayer = Map.groupBy(names.toSorted(), layer);
  return Object.fromEntries(
    [...byLayer].map(([of, all]) => [of, all.map((name) => (name === of ? '.' : name.slice(of.length + 1))).join(' ')]),
  );
}

/** The first way from the end of `way` back to its start. */
function circle(
  graph: ReadonlyMap<string, readonly string[]>,
  way: readonly string[],
  seen = new Set<string>(),
): string | undefined {
  for (const next of graph.get(way.at(-1) ?? '') ?? []) {
    if (next === way[0]) return [...way, next].join(' → ');
    if (seen.has(next)) continue;
    const found = circle(graph, [...way, next], seen.add(next));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `let`, and constants that begin empty and could only be filled later. */
function keepsState({ type, kind, declarations }: Node): boolean {
  if (type !== 'VariableDeclaration') return false;
  const begins = (declarations as readonly Node[]).map((declarator) => declarator['init']).filter(isNode);
  const empty = (node: Node) =>
    [node['arguments'], node['elements'], node['properties']].some((list) => Array.isArray(list) && list.length === 0);
  return (
    kind !== 'const' ||
    begins.some((node) => /^(NewExpression|ArrayExpression|ObjectExpression)$/.test(node.type) && empty(node))
  );
}
