import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';

/** Reads a file of names and values as a program does. `undefined`: the program is not on this machine. */
export type EnvReader = (file: string) => Readonly<Record<string, string>> | undefined;

function withFile<Result>(content: string, read: (path: string) => Result): Result {
  const directory = mkdtempSync(join(tmpdir(), 'env-'));
  try {
    const path = join(directory, 'file.env');
    writeFileSync(path, content);
    return read(path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `. FILE` in a shell, with all its names exported. */
export function shellReader(shell: string): EnvReader {
  return (content) =>
    withFile(content, (path) => {
      const script = 'set -a; . "$1"; exec env -0';
      const [program = 'sh', ...words] = shell.split(' ');
      if (spawnSync(program, [...words, '-c', ':']).status !== 0) return undefined;
      const output = execFileSync(program, [...words, '-c', script, 'sh', path], {
        env: { PATH: process.env['PATH'] },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return fromLines(output.toString('utf8').split('\0'));
    });
}

export const npmReader: EnvReader = (content) => parse(content);

/** python-dotenv, which also puts variables in place of `${NAME}`. */
export const pythonReader: EnvReader = (content) =>
  withFile(content, (path) => {
    const script = 'import sys, json, dotenv; print(json.dumps(dotenv.dotenv_values(sys.argv[1])))';
    const { status, stdout } = spawnSync('python3', ['-c', script, path], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    return status === 0 ? (JSON.parse(stdout) as Record<string, string>) : undefined;
  });

/** Compose, modelled after the quoted values of compose-go/dotenv: escapes and variables in double quotes only. */
export const composeReader: EnvReader = (content) => {
  const found: Record<string, string> = {};
  let rest = content.replaceAll('\r\n', '\n');
  for (;;) {
    const [start, name = '', quote = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*=[ \t]*(["'])/.exec(rest) ?? [];
    if (start === undefined) return found;
    const { value, end } = quoted(rest.slice(start.length), quote);
    found[name] = quote === '"' ? expanded(value) : value;
    rest = rest.slice(start.length + end);
  }
};

/** Up to the next quote that no backslash escapes; backslashes in front of anything else stay. */
function quoted(text: string, quote: string): { readonly value: string; readonly end: number } {
  let value = '';
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === quote) return { value, end: at + 1 };
    if (text[at] === '\\' && at + 1 < text.length) {
      value += text[at + 1] === quote ? quote : `\\${text[at + 1]}`;
      at += 1;
    } else value += text[at];
  }
  throw new Error('unterminated quoted value');
}

function expanded(value: string): string {
  const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };
  return value.replace(/\\([nrt"\\])/g, (_, sign: string) => escapes[sign] ?? '').replace(/\$\{?\w+\}?/g, '');
}

/** dotenv of Ruby, modelled after its own pattern. */
export const rubyReader: EnvReader = (content) => {
  const line =
    /^\s*(?:export\s+)?([\w.]+)(?:\s*=\s*?|:\s+?)(\s*'(?:\\'|[^'])*'|\s*"(?:\\"|[^"])*"|[^#\r\n]+)?\s*(?:#.*)?$/gm;
  const found: Record<string, string> = {};
  for (const [, name = '', written = ''] of content.replace(/\r\n?/g, '\n').matchAll(line)) {
    const [, quote, inside] = /^(['"])(.*)\1$/s.exec(written.trim()) ?? [];
    const value = inside ?? written.trim();
    found[name] = quote === "'" ? value : value.replace(/\\([^$])/g, '$1').replace(/\$\{?\w+\}?|\$\(.*?\)/g, '');
  }
  return found;
};

/** `docker run --env-file` before and since it takes quotes away. */
export function dockerReader(version: 'old' | 'new'): EnvReader {
  return (content) =>
    fromLines(
      content
        .replace(/^\ufeff/, '')
        .split(/\r?\n/)
        .map((line) => line.trimStart())
        .filter((line) => line !== '' && !line.startsWith('#'))
        .map((line) => (version === 'old' ? line : line.replace(/^([^=]*=)(["'])(.*)\2$/s, '$1$3'))),
    );
}

/** `EnvironmentFile=`, modelled after parse_env_file_internal of systemd. */
export const systemdReader: EnvReader = (content) => {
  const found: Record<string, string> = {};
  let rest = content;
  for (;;) {
    const [start, name = ''] = /^\s*([^=\n#;]+)=[ \t]*/.exec(rest) ?? [];
    if (start === undefined) return found;
    const [read, value] = systemdValue(rest.slice(start.length));
    found[name.trimEnd()] = value;
    rest = rest.slice(start.length + read);
  }
};

function systemdValue(text: string): readonly [read: number, value: string] {
  let value = '';
  let state: 'bare' | '"' | "'" = 'bare';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (state === 'bare') {
      if (sign === '\n') return [at + 1, value];
      if ((sign === '"' || sign === "'") && value === '') state = sign;
      else value += sign;
    } else if (sign === state) state = 'bare';
    else if (sign === '\\' && state === '"') {
      at += 1;
      const next = text[at] ?? '';
      value += '"\\`$'.includes(next) ? next : next === '\n' ? '' : `\\${next}`;
    } else value += sign;
  }
  return [text.length, value];
}

function fromLines(lines: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    lines
      .filter((line) => line.includes('='))
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
