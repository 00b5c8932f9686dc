/** How servers are called in a summary: by their names, or by numbers where the names are nobody's business. */
export type ServerNaming = 'names' | 'numbers';

export interface Naming {
  server(name: string): string;
  /** `text` with every server that it names called as `server` calls it. */
  veil(text: string): string;
}

/** Numbers count from 1 in the order of `servers`. A host that is written `host:port` is also found without its port. */
export function nameServers(choice: ServerNaming, servers: readonly string[]): Naming {
  if (choice === 'names' || servers.length === 0) return { server: (name) => name, veil: (text) => text };
  const numbers = new Map<string, string>();
  servers.forEach((name, index) => {
    const host = name.replace(/:\d+$/, '');
    for (const word of [name, host]) if (!numbers.has(word)) numbers.set(word, `server ${index + 1}`);
  });
  const number = (name: string): string => numbers.get(name) ?? 'a server';
  const words = [...numbers.keys()].toSorted((a, b) => b.length - a.length).map(literal);
  const named = new RegExp(`(?<![\\w.-])(?:${words.join('|')})(?![\\w-]|\\.\\w)`, 'g');
  return { server: number, veil: (text) => text.replace(named, number) };
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
