import { decimal, int64 } from './numbers.ts';
import { rfc3339 } from './times.ts';
import type { Value, WrittenScalar } from './tree.ts';

/** What a scalar that is not encrypted means, read as the YAML library of sops reads it; JSON is read the same. */
export function plainValue({ text, style }: WrittenScalar): Value {
  if (typeof text !== 'string') return { type: 'str', bytes: text };
  return style === 'text' ? ofText('str', text) : (plainForm(text) ?? ofText('str', text));
}

/** What was encrypted, by the type that its envelope names; `undefined`: the type is unknown, or the bytes are none of that type. */
export function decryptedValue(type: string, bytes: Uint8Array): Value | undefined {
  if (type === 'str' || type === 'bytes' || type === 'comment') return { type, bytes };
  const text = new TextDecoder().decode(bytes);
  switch (type) {
    case 'int':
      return typed('int', /^[+-]?\d+$/.test(text) ? int64(BigInt(text.replace(/^\+/, ''))) : undefined);
    case 'float':
      return typed(
        'float',
        /^(?:[+-]?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i.test(text) ? decimal(goFloat(text)) : undefined,
      );
    case 'bool':
      return typed('bool', truths.get(text));
    case 'time':
      return typed('time', rfc3339(text));
    default:
      return undefined;
  }
}

/** The text of a value as a secret has it; `undefined` where its bytes are no text. */
export function textOf({ type, bytes }: Value): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return type === 'bool' ? text.toLowerCase() : text;
  } catch {
    return undefined;
  }
}

/** What Go's `ParseBool` takes. */
const truths: ReadonlyMap<string, string> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, 'True'] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, 'False'] as const),
]);

const words: ReadonlyMap<string, Value> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, ofText('null', '')] as const),
  ...['true', 'True', 'TRUE'].map((text) => [text, ofText('bool', 'True')] as const),
  ...['false', 'False', 'FALSE'].map((text) => [text, ofText('bool', 'False')] as const),
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, ofText('float', 'NaN')] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, ofText('float', '+Inf')] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, ofText('float', '-Inf')] as const),
]);

/** Numbers, dates and words without quotes; `undefined`: it is text. */
function plainForm(text: string): Value | undefined {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text)) return undefined;
  const time = rfc3339(text);
  if (time !== undefined) return ofText('time', time);
  const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
  const whole = integer(digits);
  const exact = whole === undefined ? undefined : int64(whole);
  if (exact !== undefined) return ofText('int', exact);
  const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits) ? Number(digits) : undefined;
  return float === undefined || !Number.isFinite(float) ? undefined : ofText('float', decimal(float));
}

/** Decimal, `0x`, `0b`, `0o`, and octal with a leading zero as YAML 1.1 had it. */
function integer(text: string): bigint | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(0x[\da-f]+|0b[01]+|0o[0-7]+|0[0-7]+|0|[1-9]\d*)$/i.exec(text) ?? [];
  if (digits === '') return undefined;
  const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
  return sign === '-' ? -value : value;
}

function goFloat(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function typed(type: Value['type'], text: string | undefined): Value | undefined {
  return text === undefined ? undefined : ofText(type, text);
}

function ofText(type: Value['type'], text: string): Value {
  return { type, bytes: new TextEncoder().encode(text) };
}
