import fc from 'fast-check';
import type { Reference } from '../../src/domain/secrets/reference.ts';

interface Rest {
  readonly version?: string;
  readonly stage?: string;
  readonly key?: string;
  readonly tokens?: readonly string[];
}

/** A reference of its store, locator and what else it has. */
export function reference(store: string, locator: string, rest: Rest = {}): Reference {
  const { version, stage, key, tokens } = rest;
  const pointer = tokens === undefined ? undefined : ({ kind: 'pointer', tokens } as const);
  return { store, locator, version, stage, selector: key === undefined ? pointer : { kind: 'key', key } };
}

const printable = (without: RegExp) =>
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .map((text) => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]/g, '.').replace(without, '-'));

/** Every reference that can be written. */
export function anyReference(): fc.Arbitrary<Reference> {
  const part = printable(/[#?/*\s.]/g);
  const locator = fc.tuple(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/**'));
  const pin = fc.oneof(
    fc.constant({}),
    printable(/[#&]/g).map((version) => ({ version })),
    printable(/[#&]/g).map((stage) => ({ stage })),
  );
  const selector = fc.oneof(
    fc.constant({}),
    printable(/^\//g).map((key) => ({ key })),
    fc
      .array(fc.oneof(printable(/\u0000/g), fc.constant(''), fc.constant('~/')), { minLength: 1, maxLength: 4 })
      .map((tokens) => ({ tokens })),
  );
  const store = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_-]{0,10}$/).filter((name) => name !== 'env');
  return fc.tuple(store, locator, pin, selector).map(([name, [parts, end], pinned, selected]) => {
    const tree = end === '' || 'version' in pinned ? '' : end;
    return reference(name, `${parts.join('/')}${tree}`, { ...pinned, ...selected });
  });
}
