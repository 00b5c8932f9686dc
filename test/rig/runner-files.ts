// The files and commands by which an action talks to the runner, read as the runner reads them.

/** `NAME=value` and `NAME<<MARK … MARK`, as in the files behind GITHUB_OUTPUT, GITHUB_STATE and GITHUB_ENV. */
export function readPairs(text: string): Readonly<Record<string, string>> {
  const pairs: Record<string, string> = {};
  const lines = text.split('\n');
  while (lines.length > 0) {
    const line = lines.shift() ?? '';
    const heredoc = /^([^=<]+)<<(.+)$/.exec(line);
    const plain = /^([^=]+)=(.*)$/.exec(line);
    if (heredoc) pairs[heredoc[1] ?? ''] = readHeredoc(lines, heredoc[2] ?? '');
    else if (plain) pairs[plain[1] ?? ''] = plain[2] ?? '';
    else if (line !== '') throw new Error(`The runner would refuse this line of a file command: ${line}`);
  }
  return pairs;
}

function readHeredoc(lines: string[], mark: string): string {
  const end = lines.indexOf(mark);
  if (end < 0) throw new Error(`The runner would refuse this file command: no line says ${mark}`);
  return lines
    .splice(0, end + 1)
    .slice(0, -1)
    .join('\n');
}

export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

/** `::name key=value,key=value::value`, or `undefined` for a line that is no command. */
export function readCommand(line: string): Command | undefined {
  const [, name, words, value] = /^\s*::([^\s:]+)(?:\s+(.*?))?::(.*)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const properties = (words ?? '').split(',').flatMap((word) => {
    const [, key, text] = /^\s*([^=]+)=(.*)$/.exec(word) ?? [];
    return key === undefined
      ? []
      : [
          [
            key,
            decode(text ?? '')
              .replaceAll('%3A', ':')
              .replaceAll('%2C', ','),
          ],
        ];
  });
  return { name, properties: Object.fromEntries(properties), value: decode(value ?? '') };
}

function decode(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
