// A certificate authority of the test and a server certificate for localhost, 127.0.0.1 and store.test, which only a proxy finds, made by openssl.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Authority {
  /** PEM of the authority, for the client. */
  readonly ca: string;
  /** PEM of the server. */
  readonly key: string;
  readonly cert: string;
}

export function makeAuthority(name = 'Test authority'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-ca-'));
  const at = (file: string) => join(folder, file);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  try {
    openssl('req', '-x509', ...newKey, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', `/CN=${name}`);
    openssl('req', ...newKey, '-keyout', at('key.pem'), '-out', at('request.pem'), '-subj', '/CN=localhost');
    writeFileSync(at('names'), 'subjectAltName=DNS:localhost,DNS:store.test,IP:127.0.0.1\n');
    const signer = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial', '-extfile', at('names')];
    openssl('x509', '-req', '-in', at('request.pem'), ...signer, '-out', at('cert.pem'));
    const read = (file: string) => readFileSync(at(file), 'utf8');
    return { ca: read('ca.pem'), key: read('key.pem'), cert: read('cert.pem') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
