import { readdirSync, readFileSync } from 'node:fs';

/** Looks again and again for `texts` in the arguments of all processes of this machine, until it is disposed of. */
export function watchArguments(texts: readonly string[]): Disposable & { readonly found: readonly string[] } {
  const found: string[] = [];
  const look = (): void => {
    for (const id of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const words = wordsOf(id);
      found.push(...texts.filter((text) => words.includes(text)));
    }
  };
  const timer = setInterval(look, 20);
  return { found, [Symbol.dispose]: () => clearInterval(timer) };
}

function wordsOf(id: string): string {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8');
  } catch {
    return ''; // It has ended since.
  }
}
