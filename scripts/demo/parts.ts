// What a machine must have for the demo.
import { accessSync, constants, existsSync } from 'node:fs';
import { platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { neededTools } from '../../src/domain/programs/look.ts';

const entry = join(import.meta.dirname, '..', '..', 'dist', 'deploy', 'index.js');

/** One sentence about what is missing; `undefined`: all is there. */
export function missingPart(path = process.env['PATH'] ?? '', action = entry): string | undefined {
  if (platform() !== 'linux')
    return `The demo plays servers on this machine, and Slipway's servers run Linux: this is ${platform()}.`;
  if (!existsSync(action)) return 'dist/, the built action, is missing: run `npm run build`.';
  const lacking = ['git', 'sh', ...neededTools].filter(
    (tool) => !path.split(delimiter).some((folder) => isProgram(join(folder, tool))),
  );
  return lacking.length === 0 ? undefined : `The demo needs ${lacking.join(', ')}: not found in PATH.`;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
