import { Failure } from '../../domain/failure.ts';
import type { Json } from '../../domain/secrets/json-text.ts';
import { membersOf, parseJson, textOf } from '../../domain/secrets/json-text.ts';
import { Secret } from '../../domain/secrets/secret.ts';
import type { CommandSettings } from '../../domain/secrets/settings.ts';
import { plain } from '../../domain/text/escape.ts';
import type { StoreContent } from '../../ports/secret-store.ts';

/**
 * What a command has printed for the secret `name`: one line, whose line break at the end is not of the value, or JSON.
 * @throws Failure `SECRET_MISSING` where it is nothing, `STORE_INVALID` where it is something else; never with a part of it
 */
export function contentOf(name: string, bytes: Uint8Array, form: CommandSettings['output']): StoreContent {
  const text = asText(name, bytes);
  return form === 'json' ? jsonContent(name, text) : textContent(name, text);
}

function asText(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw invalid(name, 'printed bytes that are no text');
  }
}

function textContent(name: string, output: string): StoreContent {
  const text = output.replace(/\r?\n$/, '');
  if (text === '') throw new Failure('SECRET_MISSING', `The command for ${name} printed nothing.`);
  if (/[\r\n]/.test(text))
    throw invalid(name, 'printed several lines', 'Let it print one line, or JSON with `output: json`.');
  return { kind: 'text', text: new Secret(name, text) };
}

function jsonContent(name: string, output: string): StoreContent {
  const json = parseJson(output);
  if (json === undefined) throw invalid(name, 'printed no JSON');
  const members = membersOf(json);
  if (json === null || members?.size === 0)
    throw new Failure('SECRET_MISSING', `The command for ${name} printed an empty value.`);
  if (members === undefined) return { kind: 'text', text: new Secret(name, textOf(json)) };
  return { kind: 'fields', fields: new Map([...members].flatMap(([key, value]) => fieldOf(name, key, value))) };
}

function fieldOf(name: string, key: string, value: Json): readonly (readonly [string, Secret])[] {
  return value === null ? [] : [[key, new Secret(`${name}#${plain(key, 100)}`, textOf(value))]];
}

export function invalid(
  name: string,
  what: string,
  hint = 'Run the command by hand, and look at `output` of the store.',
): Failure {
  return new Failure('STORE_INVALID', `The command for ${name} ${what}.`, { hint });
}
