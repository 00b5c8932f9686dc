// The clouds' own clients, run in a process of their own: Node reads further authorities when it starts, and nothing of them is loaded here.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { cachedPart } from './cached.ts';

const folder = join(import.meta.dirname, 'oracles');
const packages = () => cachedPart('oracles', join(folder, 'package-lock.json'));

/** Why these suites cannot run here; `undefined` where they can. */
export function lackingOracles(): string | undefined {
  return existsSync(packages()) ? undefined : "the clouds' own clients are missing: .ci/run installs them";
}

/** @param ca PEM of the authority that the client trusts besides */
export async function askOracle(name: 'azure' | 'google', ca: string, wanted: object): Promise<readonly unknown[]> {
  const temp = mkdtempSync(join(tmpdir(), 'slipway-oracle-'));
  try {
    writeFileSync(join(temp, 'ca.pem'), ca);
    const env = { PATH: process.env['PATH'], HOME: temp, NODE_EXTRA_CA_CERTS: join(temp, 'ca.pem') };
    const child = spawn(process.execPath, [join(folder, `${name}.ts`)], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.end(JSON.stringify({ packages: packages(), ...wanted }));
    const [told, complaint] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (told === '') throw new Error(`The client of ${name} told nothing: ${complaint}`);
    return JSON.parse(told) as readonly unknown[];
  } finally {
    rmSync(temp, { recursive: true });
  }
}
