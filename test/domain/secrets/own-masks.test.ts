import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ownMasks } from '../../../src/domain/secrets/own-masks.ts';
import { normalizePrivateKey } from '../../../src/domain/ssh/key-text.ts';

const body = ['b3BlbnNzaC1rZXktdjEAAAAABG5vbmU', 'AAAEbm9uZQAAAAAAAAABAAAAMwAAAAtz', 'c2gtZWQyNTUxOQ=='];
const key = ['-----BEGIN OPENSSH PRIVATE KEY-----', ...body, '-----END OPENSSH PRIVATE KEY-----'];
const newlines = ['\n', '\r\n', '\r', ' ', '\\n', '\\r\\n'];

describe('the masks of a private key', () => {
  it.each(newlines)('are its lines where %j stands between them', (newline) => {
    const given = key.join(newline);
    expect(normalizePrivateKey(given)).toMatchObject({ kind: 'private', text: `${key.join('\n')}\n` });
    expect(ownMasks(given)).toEqual(body);
  });

  it.each(newlines)('hold no header of an encrypted key where %j stands between the lines', (newline) => {
    const headers = ['Proc-Type: 4,ENCRYPTED', 'DEK-Info: AES-128-CBC,5E4A1C0FFEE0123456789ABCDEF01234', ''];
    const encrypted = ['-----BEGIN RSA PRIVATE KEY-----', ...headers, ...body, '-----END RSA PRIVATE KEY-----'];
    expect(ownMasks(encrypted.join(newline))).toEqual(body);
  });

  it('are there for a key that was cut, or whose marks touch it', () => {
    expect(ownMasks(key.slice(0, -1).join(' '))).toEqual(body);
    expect(ownMasks(key.join(''))).toEqual([body.join('')]);
  });

  it('are there for a key without its first and last line', () => {
    const lines = ['Q'.repeat(64), 'R'.repeat(64), 'c2gtZWQyNTUxOQ=='];
    expect(ownMasks(lines.join('\n'))).toEqual(lines);
    expect(ownMasks(lines.join(' '))).toEqual(expect.arrayContaining(lines));
  });

  it('leave nothing of a key but single characters and its public parts', () => {
    const line = fc.string({ unit: fc.constantFrom(...'ABCxyz019+/'), minLength: 8, maxLength: 70 });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.constantFrom(...newlines), (lines, newline) => {
        const marks = ['-----BEGIN OPENSSH PRIVATE KEY-----', '-----END OPENSSH PRIVATE KEY-----'];
        const given = [marks[0], ...lines, marks[1]].join(newline);
        const masks = [...ownMasks(given)].sort((one, other) => other.length - one.length);
        const seen = masks.reduce((text, mask) => text.replaceAll(mask, ''), given);
        expect(seen).toBe([marks[0], ...lines.map(() => ''), marks[1]].join(newline));
      }),
    );
  });
});

describe('the masks of a passphrase or a token', () => {
  it('are its lines, without those that are too short', () => {
    expect(ownMasks('correct horse\nbattery staple\nshort')).toEqual(['correct horse', 'battery staple']);
    expect(ownMasks('ghs_0123456789')).toEqual(['ghs_0123456789']);
    expect(ownMasks('')).toEqual([]);
  });

  it('are no single words of it', () => {
    expect(ownMasks('deployment of production')).toEqual(['deployment of production']);
  });
});
