import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hooksText } from '../../../src/domain/programs/break-glass.ts';
import { previousGood } from '../../../src/domain/release/retention.ts';
import { readFacts } from '../../../src/domain/tree/facts.ts';
import { layoutOf } from '../../../src/domain/tree/layout.ts';
import { type LedgerEvent, renderLine } from '../../../src/domain/tree/ledger.ts';
import { readOwner } from '../../../src/domain/tree/lock.ts';
import { programs } from '../../../src/generated/programs.ts';
import { lacking, suite } from '../../rig/part.ts';
import { shellFolder } from '../../rig/shells.ts';

/** Somebody who is not root: root itself is refused. */
const nobody = 65_534;
const root = userInfo().uid === 0;
const [oldest, older, live] = ['20261119120000', '20261120120000', '20261121193711'] as const;
const revisions: Readonly<Record<string, string>> = {
  [oldest]: 'a'.repeat(40),
  [older]: 'b'.repeat(40),
  [live]: 'c'.repeat(40),
};

/**
 * The process group of this process, which what it starts belongs to; 0 where the group is one of another process
 * namespace.
 */
function ownGroup(): string | undefined {
  return readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')[2];
}

/** A tree with three good releases, the newest live, and the script. */
class Tree implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'break-glass-'));
  readonly #folder: string;

  /** `folder`: the one that comes first in PATH. */
  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(this.at('.slipway/manifests'), { recursive: true });
    for (const release of [oldest, older, live]) this.release(release, ['preparing', 'prepared', 'live', 'healthy']);
    symlinkSync(this.at(`releases/${live}`), this.at('current'));
    this.write('.slipway/rollback', programs['break-glass']);
    chmodSync(this.at('.slipway/rollback'), 0o700);
  }

  at(name: string): string {
    return join(this.path, name);
  }

  write(name: string, text: string, flag: 'w' | 'a' = 'w'): void {
    mkdirSync(dirname(this.at(name)), { recursive: true });
    writeFileSync(this.at(name), text, { flag });
  }

  read(name: string): string {
    return existsSync(this.at(name)) ? readFileSync(this.at(name), 'utf8') : '';
  }

  release(release: string, events: readonly LedgerEvent[], by = 'octocat'): void {
    this.write(`releases/${release}/REVISION`, `${revisions[release] ?? 'd'.repeat(40)}\n`);
    this.write(`releases/${release}/index.html`, release);
    this.write(
      `.slipway/manifests/${release}.sha256`,
      execFileSync('sh', ['-c', 'find . -type f -exec sha256sum {} + | sort'], {
        cwd: this.at(`releases/${release}`),
        encoding: 'utf8',
      }),
    );
    const hooks = [{ name: "it's up", command: 'echo "$GREETING" >>restarted' }];
    this.write(
      `.slipway/manifests/${release}.rollback`,
      hooksText({ release, current: this.at('current'), env: { GREETING: "it's $(me)" }, hooks }),
    );
    for (const event of events) this.tell(release, event, by);
  }

  tell(release: string, event: LedgerEvent, by = 'octocat', more: Readonly<Record<string, string>> = {}): void {
    this.write(
      '.slipway/ledger.jsonl',
      `${renderLine({ at: '2026-11-20T12:00:00.000Z', release, event, by, run: '900.1', revision: 'a'.repeat(40), stage: 'production', ...more })}\n`,
      'a',
    );
  }

  /** Runs the script as somebody who is not root, or as root. */
  run(
    words: readonly string[] = [],
    { as = nobody, input = '' }: { readonly as?: number; readonly input?: string } = {},
  ) {
    if (root) execFileSync('chown', ['-R', '-h', String(as), this.path]);
    const env = { PATH: `${this.#folder}:${process.env['PATH'] ?? ''}` };
    const ran = spawnSync('sh', [this.at('.slipway/rollback'), ...words], {
      env,
      input,
      cwd: '/',
      encoding: 'utf8',
      ...(root ? { uid: as, gid: as } : {}),
    });
    if (root) chownSync(this.path, 0, 0);
    return { status: ran.status, said: `${ran.stdout}${ran.stderr}` };
  }

  get live(): string {
    return readlinkSync(this.at('current'));
  }

  get locked(): boolean {
    return existsSync(this.at('.slipway/lock'));
  }

  /** The release that TypeScript would go back to, from the same records. */
  get judged(): string | undefined {
    const facts = readFacts(
      new Map([
        ['current', `link ${this.live}`],
        ['ledger', this.read('.slipway/ledger.jsonl')],
        ['log', this.read('revisions.log')],
      ]),
      layoutOf(this.path),
    );
    const present = readdirSync(this.at('releases'));
    return previousGood(live, { present, ledger: facts.ledger, published: facts.published });
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

for (const shell of ['dash', 'busybox', 'bash'] as const)
  suite(`the break-glass script under ${shell}`, lacking(shell), () => {
    let folder: string;
    const tree = (): Tree => new Tree(shellFolder(folder, shell));
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'break-glass-sh-'));
      chmodSync(folder, 0o755);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test('goes back to the newest good release, shows its hooks, and runs them on a yes', () => {
      using here = tree();
      const { status, said } = here.run([], { input: 'yes\n' });
      expect({ status, said }).toEqual({
        status: 0,
        said: expect.stringContaining(
          `rolling back from ${live} to ${older}\n${older} is live\nwhen it goes live, this runs:\n`,
        ),
      });
      expect(said).toContain("  echo 'published: it'\\''s up'\n");
      expect(here.live).toBe(here.at(`releases/${older}`));
      expect(here.read(`releases/${older}/restarted`)).toBe("it's $(me)\n");
      expect(here.read('.slipway/break-glass.log')).toMatch(
        new RegExp(`^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ ${live} ${older} [\\w.-]+\n$`),
      );
      expect(here.read('revisions.log')).toMatch(new RegExp(`^[\\w.-]+ rolled back to release ${older}\n$`));
      expect(here.locked).toBe(false);
      expect(readdirSync(here.at('.slipway')).sort()).toEqual([
        'break-glass.log',
        'ledger.jsonl',
        'manifests',
        'rollback',
      ]);
    });

    test('switches but runs no hooks where nobody says yes', () => {
      using here = tree();
      const { status, said } = here.run();
      expect({ status, said }).toMatchObject({
        status: 0,
        said: expect.stringContaining(`not run; later: sh ${here.at(`.slipway/manifests/${older}.rollback`)}`),
      });
      expect(here.live).toBe(here.at(`releases/${older}`));
      expect(existsSync(here.at(`releases/${older}/restarted`))).toBe(false);
    });

    test('asks nothing with --yes, and is red when a hook fails', () => {
      using here = tree();
      here.write(`.slipway/manifests/${older}.rollback`, 'exit 3\n');
      expect(here.run(['--yes'])).toMatchObject({
        status: 1,
        said: expect.stringContaining(`a hook failed; ${older} stays live`),
      });
      expect(here.live).toBe(here.at(`releases/${older}`));
    });

    test('goes to the release that is named', () => {
      using here = tree();
      expect(here.run(['--yes', oldest])).toMatchObject({ status: 0 });
      expect(here.live).toBe(here.at(`releases/${oldest}`));
    });

    test('holds the lock meanwhile, as a run does, and gives it back', () => {
      using here = tree();
      here.write(
        `.slipway/manifests/${older}.rollback`,
        `cp ${here.at('.slipway/lock/owner.json')} ${here.at('owner.json')}\n`,
      );
      expect(here.run(['--yes'])).toMatchObject({ status: 0 });
      expect(readOwner(here.read('owner.json'))).toMatchObject({
        owner: { action: 'break-glass', job: 'break-glass', lease: 3600 },
        group: { id: ownGroup() },
      });
      expect(here.locked).toBe(false);
    });

    describe('changes nothing', () => {
      const unchanged = (here: Tree, words: readonly string[], because: RegExp, as?: number): void => {
        const { status, said } = here.run(words, as === undefined ? {} : { as });
        expect({ status, said }).toEqual({ status: 1, said: expect.stringMatching(because) });
        expect(here.live).toBe(here.at(`releases/${live}`));
        expect(here.read('.slipway/break-glass.log')).toBe('');
      };

      test.runIf(root)('for root', () => {
        using here = tree();
        unchanged(here, [], /never as root/, 0);
      });

      test('while a run holds the lock, and leaves that alone', () => {
        using here = tree();
        here.write('.slipway/lock/owner.json', '{"token":"1234567890abcdef"}\n');
        unchanged(here, [], /the lock is held: \{"token":"1234567890abcdef"\}/);
        expect(here.read('.slipway/lock/owner.json')).toBe('{"token":"1234567890abcdef"}\n');
      });

      test.each<[string, readonly string[], RegExp]>([
        ['for a release that is not there', ['20260101000000'], /it is not there/],
        ['for the one that is live', [live], /is live already/],
        ['for a word that is no release', ['../../etc'], /is no release/],
        ['for an option that it does not have', ['--force'], /usage/],
      ])('%s', (_, words, because) => {
        using here = tree();
        unchanged(here, words, because);
      });

      test('for a release that failed, even where it is named', () => {
        using here = tree();
        here.tell(older, 'failed');
        unchanged(here, [older], /it failed/);
      });

      test('where current is no link', () => {
        using here = tree();
        rmSync(here.at('current'));
        mkdirSync(here.at('current'));
        expect(here.run()).toMatchObject({ status: 1, said: expect.stringContaining('is no link') });
        expect(lstatSync(here.at('current')).isDirectory()).toBe(true);
      });

      test('where current leads out of the releases', () => {
        using here = tree();
        mkdirSync(here.at(`elsewhere/${live}`), { recursive: true });
        rmSync(here.at('current'));
        symlinkSync(here.at(`elsewhere/${live}`), here.at('current'));
        expect(here.run()).toMatchObject({ status: 1, said: expect.stringContaining('which is not in') });
      });
    });

    describe('passes over', () => {
      test.each<[string, (here: Tree) => void, RegExp]>([
        [
          'a release whose files are not what they were',
          (here) => here.write(`releases/${older}/index.html`, 'changed'),
          /index\.html: FAILED[\s\S]*its files are not what they were/,
        ],
        [
          'a release whose files are gone',
          (here) => rmSync(here.at(`releases/${older}/index.html`)),
          /its files are not what they were/,
        ],
        ['a release that was rolled back', (here) => here.tell(older, 'rolled_back'), /it failed, or was rolled back/],
        [
          'a release whose revision is on hold',
          (here) => here.write('.slipway/hold.json', `{"revisions":["${revisions[older]}"]}\n`),
          /on hold or in quarantine/,
        ],
        [
          'a release whose revision is in quarantine',
          (here) => here.write('.slipway/quarantine.json', `{"revisions":["${revisions[older]}"]}\n`),
          /on hold or in quarantine/,
        ],
        [
          'a release that Capistrano went back from',
          (here) =>
            here.write(
              'revisions.log',
              `Branch x (at ${revisions[older]}) deployed as release ${older} by me\nme rolled back to release ${oldest}\n`,
            ),
          /it failed, or was rolled back/,
        ],
      ])('%s', (_, spoil, because) => {
        using here = tree();
        spoil(here);
        expect(here.run(['--yes'])).toEqual({ status: 0, said: expect.stringMatching(because) });
        expect(here.live).toBe(here.at(`releases/${oldest}`));
      });

      test('every release while a hold cannot be read', () => {
        using here = tree();
        here.write('.slipway/hold.json', 'nonsense');
        expect(here.run(['--yes'])).toMatchObject({
          status: 1,
          said: expect.stringContaining(`there is no good release before ${live}`),
        });
      });
    });

    test('goes to a release of Capistrano that has no list of files', () => {
      using here = tree();
      rmSync(here.at('.slipway/manifests'), { recursive: true });
      writeFileSync(here.at('.slipway/ledger.jsonl'), '');
      here.write('revisions.log', `Branch x (at ${revisions[older]}) deployed as release ${older} by me\n`);
      expect(here.run(['--yes'])).toMatchObject({
        status: 0,
        said: expect.stringContaining('no list of its files is kept'),
      });
      expect(here.live).toBe(here.at(`releases/${older}`));
    });

    test('chooses as the retention does, whatever the ledger holds', () => {
      using here = tree();
      here.release('20261121000000', ['preparing', 'prepared', 'live', 'failed']);
      here.release('20261121000001', ['preparing'], '","release":"20261121000001","event":"healthy');
      here.release('20261121000002', [], '');
      here.tell('20261121000002', 'live', 'octocat', { once: 'updated: migrate' });
      here.release('20261121000003', ['preparing', 'prepared']);
      here.tell('20261121000003', 'healthy', 'octocat', { server: 's2' });
      here.write(
        '.slipway/ledger.jsonl',
        'nonsense\n{"at":"x"}\n{"at":"x","release":"20261121000003","event":"hea',
        'a',
      );
      expect(here.run(['--yes']).status).toBe(0);
      expect(here.live).toBe(here.at(`releases/${older}`));
      expect(here.judged).toBe(older);
    });
  });
