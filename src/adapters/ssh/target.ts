// The target of a connection, its name in messages, and the result of an attempt to connect.
import type { FailureCode } from '../../domain/failure.ts';
import { Failure } from '../../domain/failure.ts';
import type { Connection } from './connection.ts';

export interface Jump {
  readonly user: string;
  readonly host: string;
  readonly port: number;
}

export interface Target extends Jump {
  /** The server to be reached, also where this target is a bastion for it. */
  readonly server: string;
  /** `s1 (deploy@10.0.0.1:22)`, or `The bastion ops@…`. */
  readonly label: string;
}

/** `again`: whether a retry may help and is safe. */
export type Attempt<T = Connection> =
  | { readonly kind: 'open'; readonly to: T }
  | { readonly kind: 'failed'; readonly failure: Failure; readonly again: 'may help' | 'useless' };

/** `user@host:port`, with brackets around IPv6. */
export function address(jump: Jump): string {
  return `${jump.user}@${jump.host.includes(':') ? `[${jump.host}]` : jump.host}:${jump.port}`;
}

export function failed(
  failure: Failure,
  again: 'may help' | 'useless' = 'useless',
): { readonly kind: 'failed'; readonly failure: Failure; readonly again: 'may help' | 'useless' } {
  return { kind: 'failed', failure, again };
}

/** A failure that begins with the name of the target. */
export function failureOf(
  code: FailureCode,
  target: Target,
  what: string,
  details: { readonly hint?: string; readonly cause?: unknown } = {},
): Failure {
  return new Failure(code, `${target.label} ${what}.`, { server: target.server, ...details });
}

export function cancelled(target: Target): Failure {
  return new Failure('CANCELLED', `The run was cancelled while it connected to ${target.server}.`, {
    server: target.server,
  });
}
