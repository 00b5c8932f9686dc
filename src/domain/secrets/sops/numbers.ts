/** A float as Go's `FormatFloat(value, 'f', -1, 64)` writes it: the shortest digits that read back equal, never an exponent. */
export function decimal(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [, whole = '', part = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(Math.abs(value))) ?? [];
  return sign + shifted(whole, part, Number(exponent));
}

/** The digits with the point moved by `places`, to the right where they are positive. */
function shifted(whole: string, part: string, places: number): string {
  if (places >= 0) return point(whole + part.slice(0, places).padEnd(places, '0'), part.slice(places));
  const digits = whole.padStart(1 - places, '0');
  return point(digits.slice(0, places), digits.slice(places) + part);
}

function point(whole: string, part: string): string {
  return part === '' ? whole : `${whole}.${part}`;
}

const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** The decimal text of an integer that Go's `int` can hold. */
export function int64(value: bigint): string | undefined {
  return value >= least && value <= most ? value.toString() : undefined;
}
