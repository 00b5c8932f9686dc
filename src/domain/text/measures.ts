/** So many, or a part of all. */
export type Share =
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number };

const milliseconds = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const bytes = { KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 } as const;

/** `200ms 3s 10m 1h 90d` in milliseconds; `undefined` when it is not a duration. */
export function parseDuration(text: string): number | undefined {
  return measured(text, milliseconds);
}

/** `500MB 1GB` in bytes, by thousands as disks are sold; `undefined` when it is not a size. */
export function parseSize(text: string): number | undefined {
  return measured(text, bytes);
}

/** `25%` of all, or a count; `undefined` when it is neither. */
export function parseShare(value: string | number): Share | undefined {
  const [, digits, percent] = /^(0|[1-9]\d{0,5})(%?)$/.exec(String(value)) ?? [];
  if (digits === undefined) return undefined;
  if (percent === '') return { kind: 'count', count: Number(digits) };
  return Number(digits) <= 100 ? { kind: 'percent', percent: Number(digits) } : undefined;
}

function measured(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ''] = /^(0|[1-9]\d{0,11})([A-Za-z]{1,2})$/.exec(text) ?? [];
  if (digits === undefined || !Object.hasOwn(units, unit)) return undefined;
  const value = Number(digits) * (units[unit] ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : undefined;
}
