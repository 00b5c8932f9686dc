import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setAsideStep, switchBackStep, switchSteps } from '../../src/domain/programs/switch.ts';
import { launcher, renderProgram, type Step } from '../../src/domain/remote/program.ts';
import { layoutOf } from '../../src/domain/tree/layout.ts';
import { runJob } from '../rig/job.ts';
import { suite } from '../rig/part.ts';
import { makeProject, serversOf } from '../rig/project.ts';
import { runs } from '../rig/runs.ts';
import { type RemoteShell, shellFolder } from '../rig/shells.ts';
import { missing, startServers, type TestServer } from '../rig/sshd.ts';

const [first, second] = ['20261121000001', '20261121000002'] as const;
const shells = ['dash', 'busybox', 'bash'] as const;
/** How often each way is gone while somebody reads; even, so that the first release is live in the end. */
const rounds = runs(30);

for (const shell of shells) {
  suite(`the switch on ${shell}`, missing(shell), () => {
    let folder: string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'slipway-switch-'));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    function plant(): { readonly root: string; readonly layout: ReturnType<typeof layoutOf> } {
      const root = mkdtempSync(join(folder, 'tree-'));
      const layout = layoutOf(root);
      mkdirSync(layout.state);
      for (const id of [first, second]) {
        mkdirSync(layout.release(id), { recursive: true });
        writeFileSync(join(layout.release(id), 'page'), id);
      }
      return { root, layout };
    }

    test('never shows a reader anything but one release or the other', async () => {
      const { root, layout } = plant();
      symlinkSync(layout.release(first), layout.current);
      await using reader = startReader(root, 'page');
      await reader.begun();
      const steps = Array.from({ length: rounds }, (_, index) =>
        switchSteps(layout, index % 2 === 0 ? second : first),
      ).flat();
      expect(run(shell, folder, steps)).toMatchObject({ status: 0 });
      expect(await reader.end()).toEqual({ misses: [], seen: [first, second] });
      expect(readlinkSync(layout.current)).toBe(layout.release(first));
    });

    test('never shows a reader anything but one release or the other on its way back', async () => {
      const { root, layout } = plant();
      symlinkSync(layout.release(first), layout.current);
      await using reader = startReader(root, 'page');
      await reader.begun();
      const steps = Array.from({ length: rounds }, () => [
        ...switchSteps(layout, second),
        switchBackStep(layout, second, first),
      ]).flat();
      expect(run(shell, folder, steps)).toMatchObject({ status: 0 });
      expect(await reader.end()).toEqual({ misses: [], seen: [first, second] });
      expect(readlinkSync(layout.current)).toBe(layout.release(first));
    });

    test('refuses a current that is a directory, and leaves it as it is', () => {
      const { layout } = plant();
      mkdirSync(layout.current);
      writeFileSync(join(layout.current, 'page'), 'mine');
      const ended = run(shell, folder, switchSteps(layout, second));
      expect(ended.status).toBe(1);
      expect(ended.said).toContain('current is not a link');
      expect(readdirSync(layout.current)).toEqual(['page']);
      expect(readdirSync(layout.state)).toEqual([]);
    });

    test('refuses a release that is not there', () => {
      const { layout } = plant();
      symlinkSync(layout.release(first), layout.current);
      expect(run(shell, folder, switchSteps(layout, '20261121000003')).status).toBe(1);
      expect(readlinkSync(layout.current)).toBe(layout.release(first));
    });

    test.each([
      ['leads to nothing', '/nowhere/at/all'],
      ['is relative and leads to nothing', 'releases/gone'],
      ['leads to another directory', '..'],
      ['has blanks and quotes', `it's a "place" $HOME`],
    ])('replaces a link that %s, and puts it back as it was', (_, target) => {
      const { layout } = plant();
      symlinkSync(target, layout.current);
      expect(run(shell, folder, switchSteps(layout, second)).status).toBe(0);
      expect(readlinkSync(layout.current)).toBe(layout.release(second));
      expect(run(shell, folder, [switchBackStep(layout, second, undefined), setAsideStep(layout, second)]).status).toBe(
        0,
      );
      expect(readlinkSync(layout.current)).toBe(target);
      expect(readdirSync(layout.state)).toEqual(['failed']);
    });

    test('takes current away on its way back where there was none', () => {
      const { root, layout } = plant();
      expect(run(shell, folder, switchSteps(layout, second)).status).toBe(0);
      expect(run(shell, folder, [switchBackStep(layout, second, undefined)]).status).toBe(0);
      expect(readdirSync(root)).not.toContain('current');
    });

    test('goes back only from its own release, and only to one that is there', () => {
      const { layout } = plant();
      symlinkSync(layout.release(first), layout.current);
      expect(run(shell, folder, [switchBackStep(layout, second, undefined)]).status).toBe(0);
      expect(run(shell, folder, switchSteps(layout, second)).status).toBe(0);
      expect(run(shell, folder, [switchBackStep(layout, second, '20261121000003')]).status).toBe(1);
      expect(readlinkSync(layout.current)).toBe(layout.release(second));
    });
  });
}

describe('the reader of these tests', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'slipway-switch-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test('sees a link that is away for a moment', async () => {
    writeFileSync(join(root, 'page'), first);
    symlinkSync(root, join(root, 'current'));
    await using reader = startReader(root, 'page');
    await reader.begun();
    rmSync(join(root, 'current'));
    await until(() => existsSync(join(root, 'missed')));
    symlinkSync(root, join(root, 'current'));
    expect((await reader.end()).misses).toContain('ENOENT');
  });
});

suite('a deploy while somebody reads', missing(), () => {
  test('shows one release or the other in every single read', async () => {
    await using fleet = await startServers({ count: 1 });
    using project = makeProject();
    const { root } = fleet.servers[0] as TestServer;
    project.configure({ application: 'shop', deploy_to: '/srv/shop', stages: { test: { servers: serversOf(fleet) } } });
    const deploy = (page: string) =>
      runJob({
        action: 'deploy',
        workspace: project.path,
        with: { 'ssh-private-key': fleet.privateKey, 'known-hosts': fleet.knownHosts },
        env: { GITHUB_SHA: project.commit({ page }) },
      });
    expect((await deploy(first)).outputs).toMatchObject({ result: 'deployed' });
    await using reader = startReader(root, 'page');
    await reader.begun();
    expect((await deploy(second)).outputs).toMatchObject({ result: 'deployed' });
    expect(await reader.end()).toEqual({ misses: [], seen: [first, second] });
  });
});

/** Disposing ends its process. */
interface Reader extends AsyncDisposable {
  begun(): Promise<void>;
  /** Stops it. `misses`: the codes of all reads that found nothing; `seen`: the different contents, sorted. */
  end(): Promise<{ readonly misses: readonly string[]; readonly seen: readonly string[] }>;
}

/** A process that reads the link ROOT/current and the file behind it as fast as it can, until ROOT/stop is there. */
const readerScript = `
const { existsSync, readFileSync, readlinkSync, writeFileSync } = require('node:fs');
const [root, file] = process.argv.slice(1);
const misses = new Set(); const seen = new Set();
for (let turn = 0; turn % 50 !== 0 || !existsSync(root + '/stop'); turn += 1) {
  try { readlinkSync(root + '/current'); seen.add(readFileSync(root + '/current/' + file, 'utf8')); }
  catch (error) { misses.add(error.code); writeFileSync(root + '/missed', ''); }
  if (turn === 50) writeFileSync(root + '/reading', '');
}
console.log(JSON.stringify({ misses: [...misses], seen: [...seen].sort() }));
`;

function startReader(root: string, file: string): Reader {
  const child = spawn(process.execPath, ['-e', readerScript, root, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const over = new Promise((resolve) => child.on('close', resolve));
  return {
    begun: () => until(() => existsSync(join(root, 'reading'))),
    end: async () => {
      writeFileSync(join(root, 'stop'), '');
      await over;
      return JSON.parse(said);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await over;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn += 1) {
    if (turn > 3000) throw new Error('waited for 30 s in vain');
    await sleep(10);
  }
}

/** Runs the steps as one program, started and fed as on a server. */
function run(
  shell: RemoteShell,
  folder: string,
  steps: readonly Step[],
): { readonly status: number; readonly said: string } {
  const program = renderProgram({ name: 'test', steps }, 'f'.repeat(32));
  const env = { PATH: `${shellFolder(folder, shell)}:${process.env['PATH']}` };
  try {
    const said = execFileSync('sh', ['-c', launcher(Buffer.byteLength(program))], {
      env,
      input: program,
      encoding: 'utf8',
    });
    return { status: 0, said };
  } catch (thrown) {
    const { status, stdout } = thrown as { readonly status: number; readonly stdout: string };
    return { status, said: stdout };
  }
}
