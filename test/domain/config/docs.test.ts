import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configurationDocs } from '../../../scripts/configuration-docs.ts';
import { hookPoints } from '../../../src/domain/hooks/lifecycle.ts';
import { read } from '../../rig/reading.ts';

const pages = configurationDocs();
const textOf = (path: string): string => pages.find((page) => page.path === path)?.text ?? '';

describe('the manual of the configuration', () => {
  it.each(pages.map((page) => page.path))('%s is what the schema says today (`npm run docs` writes it)', (path) => {
    expect(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')).toBe(textOf(path));
  });

  it('shows a smallest file that works', () => {
    const [, example = ''] = /```yaml\n(.*?)```/s.exec(textOf('docs/configuration.md')) ?? [];
    expect(read(example).servers).toHaveLength(2);
  });

  it('has a row for every hook point', () => {
    for (const point of hookPoints) expect(textOf('docs/configuration.md')).toContain(`\n| \`${point}\` | `);
  });
});

describe('the JSON Schema', () => {
  const schema = JSON.parse(textOf('schema/slipway.schema.json')) as {
    readonly properties: Readonly<Record<string, unknown>>;
    readonly required: readonly string[];
  };

  it('requires what the file must have', () => {
    expect(schema.required).toEqual(['application', 'stages']);
  });

  it('marks what is not built yet as wrong', () => {
    expect(schema.properties['freeze']).toEqual({
      description: 'Not yet: Times at which nothing is deployed.',
      not: {},
    });
  });

  it('leaves keys that begin with x- free', () => {
    expect(schema).toMatchObject({ additionalProperties: false, patternProperties: { '^x-': {} } });
  });
});
