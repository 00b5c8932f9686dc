import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Both as PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];

/** An authority of its own, that signs itself. */
export function makeAuthority(name: string): Certified {
  return make(['-subj', `/CN=${name}`]);
}

/** A certificate of `authority` for a server on 127.0.0.1 and for a client called `name`. */
export function certify(authority: Certified, name: string): Certified {
  return inFolder((folder) => {
    const [ca, key] = [join(folder, 'ca'), join(folder, 'ca-key')];
    writeFileSync(ca, authority.cert);
    writeFileSync(key, authority.key, { mode: 0o600 });
    const extensions = [
      'subjectAltName=IP:127.0.0.1',
      'extendedKeyUsage=serverAuth,clientAuth',
      'basicConstraints=CA:FALSE',
    ];
    return make(['-subj', `/CN=${name}`, '-CA', ca, '-CAkey', key, ...extensions.flatMap((text) => ['-addext', text])]);
  });
}

function make(words: readonly string[]): Certified {
  return inFolder((folder) => {
    const [cert, key] = [join(folder, 'cert'), join(folder, 'key')];
    execFileSync('openssl', ['req', '-x509', ...curve, ...words, '-keyout', key, '-out', cert], { stdio: 'pipe' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  });
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-certificates-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
