import { expect, test } from 'vitest';
import { z } from 'zod';
import { share } from '../../scripts/shared-schemas.ts';
import { file } from '../../src/domain/config/schema/file.ts';

const whole = z.toJSONSchema(file, { io: 'input', target: 'draft-7' }) as Readonly<Record<string, unknown>>;
const { definitions, ...rest } = share(whole) as { readonly definitions: Readonly<Record<string, unknown>> };

test('a schema whose parts are shared says the same as before, with its descriptions', () => {
  expect(spread(rest)).toEqual(whole);
});

test('each part that is shared is used more than once, and the whole is much smaller', () => {
  const text = JSON.stringify({ ...rest, definitions });
  for (const name of Object.keys(definitions)) expect(text.split(`"#/definitions/${name}"`).length).toBeGreaterThan(2);
  expect(text.length).toBeLessThan(JSON.stringify(whole).length / 2);
});

/** The schema with every reference replaced by what it stands for. */
function spread(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(spread);
  if (typeof node !== 'object' || node === null) return node;
  const { $ref } = node as { readonly $ref?: string };
  if ($ref !== undefined) return spread(definitions[$ref.replace('#/definitions/', '')]);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, spread(value)]));
}
