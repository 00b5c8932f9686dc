import { describe, expect, test } from 'vitest';
import type { Answer, Sample } from '../../../src/domain/health/probe.ts';
import { evaluate, fill, placeOf, sampleOf } from '../../../src/domain/health/probe.ts';

const expected = { status: 200, bodyContains: 'abc' };

describe('an answer', () => {
  test.each<[string, Answer, Sample['kind'], RegExp]>([
    ['as expected is well', { kind: 'answer', status: 200, body: 'x abc y' }, 'healthy', /200/],
    [
      'with another status is unwell',
      { kind: 'answer', status: 503, body: 'down' },
      'unhealthy',
      /503 instead of 200: down/,
    ],
    [
      'without the expected text is unwell',
      { kind: 'answer', status: 200, body: 'old' },
      'unhealthy',
      /does not contain.*old/,
    ],
    ['that is a redirect is not followed and unwell', { kind: 'answer', status: 302, body: '' }, 'unhealthy', /302/],
    ['that is a refusal is unwell', { kind: 'refused', why: 'nothing listens' }, 'unhealthy', /nothing listens/],
    ['that never comes is unwell', { kind: 'silent' }, 'unhealthy', /did not answer/],
    ['that could not be asked for is unasked', { kind: 'unasked', why: 'no tunnel' }, 'unasked', /no tunnel/],
  ])('%s', (_, answer, kind, detail) => {
    const sample = sampleOf(answer, expected);
    expect(sample.kind).toBe(kind);
    expect(sample.detail).toMatch(detail);
  });

  test('is held against the status alone where no text is expected', () => {
    expect(sampleOf({ kind: 'answer', status: 204, body: '' }, { status: 204, bodyContains: undefined }).kind).toBe(
      'healthy',
    );
  });
});

/** `+` well, `-` unwell, `?` unasked. */
function samples(line: string): Sample[] {
  const kinds = { '+': 'healthy', '-': 'unhealthy', '?': 'unasked' } as const;
  return [...line].map((mark, index) => ({ kind: kinds[mark as keyof typeof kinds], detail: `try ${index + 1}` }));
}

describe('with three successes in a row asked for and a deadline of 60 s', () => {
  test.each([
    ['', 0, 'go on'],
    ['+', 1, 'go on'],
    ['+++', 5, 'healthy'],
    ['---+++', 59, 'healthy'],
    ['??-+++', 90, 'healthy'],
    ['++-', 10, 'go on'],
    ['++-+', 59, 'go on'],
    ['-', 60, 'unhealthy'],
    ['??-', 60, 'unhealthy'],
    ['--?', 60, 'unknown'],
    ['???', 60, 'unknown'],
    ['-++', 60, 'unhealthy'],
    ['?++', 60, 'unknown'],
    ['-?+', 60, 'unknown'],
    ['?-+', 60, 'unhealthy'],
    ['++', 60, 'go on'],
    ['++', 600, 'go on'],
    ['++-', 600, 'unhealthy'],
  ])('%j after %i s: %s', (line, seconds, verdict) => {
    expect(evaluate(samples(line), { healthyAfter: 3, deadline: 60_000 }, seconds * 1000).verdict).toBe(verdict);
  });

  test('the verdict tells what the service said last', () => {
    expect(evaluate(samples('+-'), { healthyAfter: 3, deadline: 60_000 }, 60_000).detail).toBe('try 2');
    expect(evaluate(samples('-+'), { healthyAfter: 3, deadline: 60_000 }, 60_000).detail).toContain('try 1');
  });
});

test('placeholders are filled as data', () => {
  expect(fill('rev {revision} of {stage} {other}', { revision: '{stage}$&', stage: 'production' })).toBe(
    'rev {stage}$& of production {other}',
  );
});

describe('the place that an address leads to', () => {
  test.each([
    ['http://127.0.0.1:3000/up', '127.0.0.1', 3000],
    ['http://shop.example.com/up', 'shop.example.com', 80],
    ['https://shop.example.com/up', 'shop.example.com', 443],
    ['http://[::1]:3000/up', '::1', 3000],
  ])('of %s', (address, host, port) => {
    expect(placeOf(address)).toEqual({ host, port });
  });
});
