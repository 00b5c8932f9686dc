// A tree on this machine, and our programs run on it by a local shell, as sshd would run them.
import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProgramEnd } from '../../src/domain/remote/end.ts';
import { ProgramCollector } from '../../src/domain/remote/end.ts';
import { FrameReader } from '../../src/domain/remote/frames.ts';
import type { RemoteProgram } from '../../src/domain/remote/program.ts';
import { cutStatus, renderProgram } from '../../src/domain/remote/program.ts';
import type { Layout } from '../../src/domain/tree/layout.ts';
import { layoutOf } from '../../src/domain/tree/layout.ts';
import type { LockOwner } from '../../src/domain/tree/lock.ts';
import { type RemoteShell, shellFolder } from './shells.ts';

/** Marks our frames in these tests. */
export const frameToken = 'f'.repeat(32);

/** The owner of a lock, told from others by `digit`. */
export function ownerOf(digit: string, more: Partial<LockOwner> = {}): LockOwner {
  return {
    token: digit.repeat(32),
    repository: 'acme/shop',
    run: '9001',
    attempt: 1,
    job: 'deploy',
    checkRun: undefined,
    actor: 'octo',
    action: 'deploy',
    stage: 'production',
    at: '2026-11-21T19:37:11.000Z',
    lease: 1800,
    ...more,
  };
}

export interface Started {
  readonly child: ChildProcess;
  readonly end: Promise<ProgramEnd>;
}

export class LocalTree implements Disposable {
  readonly folder: string;
  readonly layout: Layout;
  readonly shell: RemoteShell;

  constructor(shell: RemoteShell) {
    this.shell = shell;
    this.folder = mkdtempSync(join(tmpdir(), 'slipway-tree-'));
    this.layout = layoutOf(join(this.folder, 'shop'));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Everything away, but a first release that is live. */
  reset(): void {
    rmSync(this.layout.root, { recursive: true, force: true });
    mkdirSync(this.layout.state, { recursive: true, mode: 0o700 });
  }

  get environment(): Record<string, string> {
    return { PATH: `${shellFolder(this.folder, this.shell)}:${process.env['PATH'] ?? ''}`, HOME: this.folder };
  }

  run(program: RemoteProgram, path?: string): Promise<ProgramEnd> {
    return this.start(program, path).end;
  }

  /** As leader of a process group of its own; `path` comes before the shell's own programs. */
  start(program: RemoteProgram, path?: string): Started {
    const env = this.environment;
    if (path !== undefined) env['PATH'] = `${path}:${env['PATH']}`;
    const child = spawn('sh', ['-c', renderProgram(program, frameToken)], {
      env,
      cwd: this.folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const reader = new FrameReader(frameToken, program.steps);
    const record = new ProgramCollector();
    let noise = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      for (const event of reader.feed(chunk)) record.add(event);
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      noise += chunk;
    });
    const end = new Promise<ProgramEnd>((resolve) =>
      child.once('close', (code, signal) => {
        for (const event of reader.rest()) record.add(event);
        resolve(
          record.end({ code: code ?? undefined, signal: signal ?? undefined, connection: 'open', noise }, cutStatus),
        );
      }),
    );
    return { child, end };
  }

  /**
   * A folder with a program `name` that waits, where its words hold `part`, until `go` is called, then does what the
   * real one does. `waits` tells that it does.
   */
  slow(name: string, part = ''): { readonly path: string; readonly waits: () => boolean; readonly go: () => void } {
    const path = mkdtempSync(join(this.folder, 'slow-'));
    const real = this.shell === 'busybox' ? `busybox ${name}` : `/bin/${name}`;
    // Half a minute at the most: where the test is ended meanwhile, nobody says go.
    const wait = `: >'${path}/waits'\ni=0\nwhile [ ! -e '${path}/go' ] && [ "$i" -lt 1500 ]; do sleep 0.02; i=$((i + 1)); done`;
    writeFileSync(join(path, name), `#!/bin/sh\ncase "$* " in *'${part}'*)\n${wait} ;; esac\nexec ${real} "$@"\n`, {
      mode: 0o755,
    });
    return { path, waits: () => existsSync(join(path, 'waits')), go: () => writeFileSync(join(path, 'go'), '') };
  }

  /**
   * Puts the tree on a file system of its own that has room for little, as root alone can. What it gives back takes it
   * away again.
   */
  small(): { readonly fill: () => void } & Disposable {
    const { root } = this.layout;
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'nr_inodes=100', 'tmpfs', root]);
    const fill = `cd "$0"; mkdir fill; i=0; while true >"fill/$i"; do i=$((i + 1)); done 2>/dev/null; ! mkdir more 2>/dev/null`;
    return {
      fill: () => void execFileSync('sh', ['-c', fill, root]),
      [Symbol.dispose]: () => void execFileSync('umount', [root]),
    };
  }

  owner(): Record<string, unknown> | undefined {
    const path = join(this.layout.lock, 'owner.json');
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : undefined;
  }

  /** Every path below the tree with its kind and content. */
  picture(): readonly string[] {
    const { root } = this.layout;
    if (!existsSync(root)) return [];
    return (readdirSync(root, { recursive: true }) as string[]).sort().map((name) => {
      const path = join(root, name);
      const stat = lstatSync(path);
      if (stat.isSymbolicLink()) return `${name} -> ${readlinkSync(path)}`;
      return stat.isDirectory() ? `${name}/ ${stat.mtimeMs}` : `${name} ${readFileSync(path, 'utf8')}`;
    });
  }
}
