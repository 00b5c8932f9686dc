import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suite } from '../rig/part.ts';
import { startProxy } from '../rig/proxy.ts';
import { takeTurns } from '../rig/runs.ts';
import type { Deployed, Site, SiteChoices, Tree } from '../rig/site.ts';
import { makeSite, until } from '../rig/site.ts';
import type { TestServer, TestServers } from '../rig/sshd.ts';
import { missing, startServers } from '../rig/sshd.ts';

/** Well, unless `shared/log/ill` is there. A run waits for nobody's lock. */
const usual = {
  linked_dirs: ['log'],
  lock: { wait: '0s' },
  health: [{ name: 'up', run: '! test -e log/ill', interval: '1s', deadline: '1s', healthy_after: 1 }],
};

/** A hook that stays on one server, once, until the test says `go`. */
function staying(tree: Tree): { readonly name: string; readonly run: string } {
  return {
    name: 'restart',
    run: `cd ${tree.path('shared/log')} 2>/dev/null || exit 0
[ "$SLIPWAY_SERVER" = ${tree.name} ] && [ ! -e go ] || exit 0
touch here; n=0; while [ ! -e go ] && [ "$n" -lt 200 ]; do n=$((n + 1)); sleep 0.1; done`,
  };
}

suite('one of five servers', missing(), () => {
  let fleet: TestServers;
  beforeAll(async () => {
    fleet = await startServers({ count: 5 });
  });
  afterAll(() => fleet[Symbol.asyncDispose]());

  /** A site with a good release on all five. */
  async function living(choices: SiteChoices = {}): Promise<Site> {
    const site = makeSite(fleet, choices);
    site.configure(usual);
    const job = await site.deploy(site.commit({ 'index.html': 'one\n' }));
    expect(job).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
    return site;
  }

  /** One server is reached by way of the proxy. */
  function through(proxy: { readonly port: number }, behind: TestServer): SiteChoices {
    return {
      knownHosts: `${fleet.knownHosts}[127.0.0.1]:${proxy.port} ${behind.hostKeys[0]}\n`,
      server: (server) => (server === behind ? { port: proxy.port } : {}),
    };
  }

  /** What is live everywhere, and a revision that is not deployed yet, with the usual configuration. */
  function ready(site: Site): { readonly old: string; readonly next: string } {
    site.configure(usual);
    return { old: site.trees[0]?.live() ?? '', next: site.commit({ 'index.html': 'two\n' }) };
  }

  /** What the user is told: red, the code and sentence of one server, and nobody else to blame. */
  function expectBlame(job: Deployed, victim: Tree, code: string, words: string | RegExp): void {
    expect(job.exitCode).toBe(1);
    expect(job.outputs['failed-hosts']).toBe(victim.name);
    expect(
      job.annotations.filter(({ name }) => name === 'error').map(({ properties }) => properties['title']),
    ).toContain(`${code} on ${victim.name}`);
    expect(job.hosts[victim.name]?.failures.map((failure) => failure.code)).toContain(code);
    expect(job.hosts[victim.name]?.failures.find((failure) => failure.code === code)?.sentence).toMatch(words);
    expect(job.summary).toContain(code);
    expect(job.log).toContain(`${code} on ${victim.name}: `);
  }

  /** All five run `old`, nobody holds a lock, and nothing half-done is left. */
  function expectAllOn(site: Site, old: string, job: Deployed, state: string): void {
    for (const tree of site.trees) {
      expect([tree.name, tree.live(), tree.releases().at(-1), tree.locked(), tree.names('.slipway/incoming')]).toEqual([
        tree.name,
        old,
        old,
        false,
        [],
      ]);
      expect([tree.name, job.hosts[tree.name]?.state, job.hosts[tree.name]?.live]).toEqual([tree.name, state, old]);
    }
  }

  const turns = takeTurns(2);
  let site: Site;
  beforeAll(async () => {
    site = await living();
  });
  afterAll(() => site[Symbol.dispose]());

  describe.each([
    ['the first', 0, 0],
    ['the third', 2, 1],
  ])(`%s in the order of locks${turns.note}`, (_, at, place) => {
    let victim: Tree;
    beforeAll(() => {
      victim = site.ordered[at] as Tree;
    });

    let faults = 0;
    function fault(title: string, body: () => Promise<void>): void {
      faults += 1;
      if (turns.takes(faults, place)) test(title, body);
    }

    fault('shows another host key: nothing is touched', async () => {
      const { old, next } = ready(site);
      const other = fleet.servers.find((server) => server !== victim.server) as TestServer;
      const known = fleet.knownHosts.replace(victim.server.hostKeys[0] ?? '', other.hostKeys[0] ?? '');
      const job = await site.deploy(next, { 'known-hosts': known });
      expectBlame(job, victim, 'HOST_KEY_CHANGED', /key/);
      expect(job.log).toContain('what to do: Find out why the key of the server changed before you trust it.');
      expect(job.outputs['result']).toBe('failed');
      for (const tree of site.trees)
        expect([tree.live(), tree.locked(), tree.releases().at(-1)]).toEqual([old, false, old]);
    });

    fault('refuses the connection: nothing is touched', async () => {
      const { old, next } = ready(site);
      await victim.server.stop();
      const job = await site.deploy(next).finally(() => victim.server.start());
      expectBlame(job, victim, 'UNREACHABLE', /refuses the connection: nothing listens on that port/);
      expect(job.outputs['result']).toBe('failed');
      for (const tree of site.trees)
        expect([tree.live(), tree.locked(), tree.releases().at(-1)]).toEqual([old, false, old]);
    });

    fault('has a hook that fails before the switch: nothing has changed', async () => {
      const { old, next } = ready(site);
      site.configure({
        ...usual,
        hooks: {
          updated: [
            {
              name: 'build',
              run: `echo compiling; if [ "$SLIPWAY_SERVER" = ${victim.name} ]; then echo 'no such gem' >&2; exit 3; fi`,
            },
          ],
        },
      });
      const job = await site.deploy(next);
      expectBlame(job, victim, 'HOOK_FAILED', 'the hook updated: build failed: exit status 3');
      expect(job.outputs['result']).toBe('failed');
      expect(job.log).toContain(`${victim.name}  | no such gem`);
      expect(job.log).toContain('Nothing has changed for users: no server was switched.');
      expectAllOn(site, old, job, 'untouched');
    });

    fault('has a hook that fails after the switch: all five go back', async () => {
      const { old, next } = ready(site);
      site.configure({
        ...usual,
        hooks: {
          published: [
            {
              name: 'restart',
              run: `if [ "$SLIPWAY_SERVER" = ${victim.name} ] && grep -q two index.html; then exit 5; fi`,
            },
          ],
        },
      });
      const job = await site.deploy(next);
      expectBlame(job, victim, 'HOOK_FAILED', 'the hook published: restart failed: exit status 5');
      expect(job.outputs['result']).toBe('reverted');
      expectAllOn(site, old, job, 'reverted');
    });

    fault('has a hook that SIGKILL ends: all five go back, and the signal is named', async () => {
      const { old, next } = ready(site);
      site.configure({
        ...usual,
        hooks: {
          published: [
            {
              name: 'restart',
              run: `if [ "$SLIPWAY_SERVER" = ${victim.name} ] && grep -q two index.html; then kill -s KILL $$; fi`,
            },
          ],
        },
      });
      const job = await site.deploy(next);
      expectBlame(
        job,
        victim,
        'HOOK_FAILED',
        'the hook published: restart failed: killed by SIGKILL, perhaps because memory ran out',
      );
      expect(job.outputs['result']).toBe('reverted');
      expectAllOn(site, old, job, 'reverted');
    });

    fault('never gets well: all five go back', async () => {
      const { old, next } = ready(site);
      writeFileSync(victim.path('shared/log/ill'), '');
      const job = await site.deploy(next).finally(() => rmSync(victim.path('shared/log/ill')));
      expectBlame(job, victim, 'UNHEALTHY', 'the health check up failed: exit 1');
      expect(job.outputs['result']).toBe('reverted');
      expectAllOn(site, old, job, 'reverted');
    });

    fault('loses the connection after the link: it is put back over a second one', async () => {
      const cut = victim.server;
      await using proxy = await startProxy({ port: cut.port });
      using proxied = await living(through(proxy, cut));
      const { old, next } = ready(proxied);
      const far = proxied.tree(cut.name);
      proxied.configure({ ...usual, hooks: { published: [staying(far)] } });
      const running = proxied.deploy(next);
      await until('the hook', () => far.names('shared/log').includes('here'));
      writeFileSync(far.path('shared/log/seen'), far.live() ?? '');
      proxy.reset();
      await until('the way back', () => far.live() === old);
      writeFileSync(far.path('shared/log/go'), '');
      const job = await running;
      expect(far.text('shared/log/seen')).toBe(job.outputs['release']);
      expectBlame(
        job,
        far,
        'CONNECTION_LOST',
        /the connection was lost during published: restart.*; how far it got is unknown/,
      );
      expect(job.outputs['result']).toBe('reverted');
      expectAllOn(proxied, old, job, 'reverted');
    });

    fault(
      'loses the connection while it is probed: nothing is put back for want of an answer, and nothing is called well',
      async () => {
        const cut = victim.server;
        await using proxy = await startProxy({ port: cut.port });
        using proxied = await living(through(proxy, cut));
        const { next } = ready(proxied);
        const far = proxied.tree(cut.name);
        const asking = `cd ${far.path('shared/log')}; [ "$SLIPWAY_SERVER" = ${far.name} ] && [ ! -e go ] || exit 0; touch here; while [ ! -e go ]; do sleep 0.1; done`;
        proxied.configure({
          ...usual,
          health: [{ name: 'up', run: asking, interval: '1s', timeout: '20s', deadline: '20s', healthy_after: 1 }],
        });
        const running = proxied.deploy(next);
        await until('the probe', () => far.names('shared/log').includes('here'));
        proxy.reset();
        const job = await running.finally(() => writeFileSync(far.path('shared/log/go'), ''));
        const release = job.outputs['release'] ?? '';
        expect(job).toMatchObject({ exitCode: 1, outputs: { result: 'failed' } });
        expect(job.log).toContain(
          `HEALTH_UNKNOWN on ${far.name}: the health check up could not be asked: the program did not end (connection lost)`,
        );
        expect(job.log).toContain('The new release is live on all 5 servers, but its health is not known.');
        expect(job.log).toMatch(/Rollback possible: yes, because release \d{14} was good/);
        for (const tree of proxied.trees) {
          expect([
            tree.name,
            tree.live(),
            tree.locked(),
            job.hosts[tree.name]?.state,
            job.hosts[tree.name]?.live,
          ]).toEqual([tree.name, release, false, 'live', release]);
          expect(tree.events(release)).not.toContain('healthy');
          expect(tree.ledger().at(-1)).toMatchObject({ event: 'live', health: 'unknown' });
        }
      },
    );

    fault(
      'is gone for good after the link: it is in doubt, the others are back, and the next run puts it right',
      async () => {
        const { old, next } = ready(site);
        site.configure({ ...usual, hooks: { published: [staying(victim)] } });
        const running = site.deploy(next);
        await until('the hook', () => victim.names('shared/log').includes('here'));
        await victim.server.stop();
        writeFileSync(victim.path('shared/log/go'), '');
        const job = await running.finally(() => victim.server.start());
        const bad = job.outputs['release'] ?? '';
        expectBlame(job, victim, 'IN_DOUBT', /could not be reverted/);
        expect(job.outputs['result']).toBe('failed');
        expect(job.log).toContain(`What runs on ${victim.name} is not known: it could not be read back.`);
        expect(job.hosts[victim.name]).toMatchObject({ state: 'in_doubt', live: null, in_doubt: true });
        expect(victim.live()).toBe(bad);
        for (const tree of site.trees.filter((one) => one !== victim)) {
          expect([tree.live(), tree.locked(), job.hosts[tree.name]?.state]).toEqual([old, false, 'reverted']);
          expect(tree.events(bad)).toContain(`in_doubt ${victim.name}`);
        }
        await site.deploy(next, { mode: 'unlock', reason: 'the run is dead' });
        const repair = await site.deploy(next);
        expect(repair).toMatchObject({ exitCode: 0, outputs: { result: 'deployed', 'previous-release': old } });
        expect(repair.log).toContain(
          `${victim.name}: an earlier run left it out of sync; it goes from ${bad} to ${old}`,
        );
        for (const tree of site.trees)
          expect([tree.live(), tree.releases().slice(-2)]).toEqual([
            repair.outputs['release'],
            [old, repair.outputs['release']],
          ]);
      },
    );

    fault('dies in the upload: the others are clean again, and the next attempt finishes the work', async () => {
      const dead = victim.server;
      await using proxy = await startProxy({ port: dead.port });
      using proxied = await living(through(proxy, dead));
      const { old } = ready(proxied);
      const far = proxied.tree(dead.name);
      writeFileSync(`${proxied.project.path}/big`, randomBytes(2_000_000));
      proxied.project.git('add', 'big');
      const next = proxied.commit({ 'index.html': 'three\n' });
      proxy.stall(1_000_000);
      const running = proxied.deploy(next);
      await until('an upload', () =>
        far.names('.slipway/incoming').some((id) => far.names('.slipway/incoming', id).length > 0),
      );
      await dead.stop();
      const job = await running.finally(() => dead.start());
      expectBlame(
        job,
        far,
        'CONNECTION_LOST',
        /lost during (?:prepare|make room|record preparing|upload) .*; how far it got is unknown/,
      );
      expect(job.outputs['result']).toBe('failed');
      expect(job.log).toContain('Nothing has changed for users: no server was switched.');
      for (const tree of proxied.trees)
        expect([tree.name, tree.live(), tree.locked()]).toEqual([tree.name, old, tree === far]);
      const again = await proxied.deploy(next, { mode: 'unlock', reason: 'the run is dead' });
      expect([again.exitCode, far.locked()]).toEqual([0, false]);
      const last = await proxied.deploy(next);
      expect(last).toMatchObject({ exitCode: 0, outputs: { result: 'deployed' } });
      for (const tree of proxied.trees)
        expect([tree.live(), tree.names('.slipway/incoming')]).toEqual([last.outputs['release'], []]);
    });

    const mounts = userInfo().uid === 0 ? undefined : 'mounting a small file system needs root';
    suite('on a file system of its own', mounts, () => {
      for (const [what, options, files] of [
        ['space', 'size=3m', { big: 5 }],
        ['inodes', 'size=60m,nr_inodes=70', { many: 120 }],
      ] as const)
        fault(`runs out of ${what} in the upload: nothing has changed, and nothing is left to fill it`, async () => {
          using small = makeSite(fleet);
          const tight = small.ordered[at] as Tree;
          execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', tight.root]);
          try {
            small.configure(usual);
            const first = await small.deploy(small.commit({ 'index.html': 'one\n' }));
            const old = first.outputs['release'] ?? '';
            expect(first.exitCode).toBe(0);
            if ('big' in files) writeFileSync(`${small.project.path}/big`, randomBytes(files.big * 1_000_000));
            if ('big' in files) small.project.git('add', 'big');
            const more =
              'many' in files
                ? Object.fromEntries(Array.from({ length: files.many }, (__, index) => [`f${index}`, 'x']))
                : {};
            const job = await small.deploy(small.commit({ 'index.html': 'two\n', ...more }));
            expectBlame(job, tight, 'DISK_FULL', `the file system of deploy_to ran out of ${what} during upload`);
            expect(job.outputs['result']).toBe('failed');
            expectAllOn(small, old, job, 'untouched');
          } finally {
            execFileSync('umount', [tight.root]);
          }
        });
    });
  });
});
