import type { Failure } from '../../domain/failure.ts';
import { asFailure } from '../../domain/failure.ts';
import type { Fence } from '../../domain/remote/program.ts';
import type { Server } from '../../domain/server.ts';
import type { Layout } from '../../domain/tree/layout.ts';
import type { Transport } from '../../ports/transport.ts';

/** A way to a server that can be opened anew after its connection was lost. */
export interface Line extends Transport {
  /** @throws Failure where the server cannot be reached or refuses us */
  reopen(): Promise<void>;
}

/** A server that we are connected to. `fence` is there while its lock is ours. */
export interface Member {
  readonly server: Server;
  readonly layout: Layout;
  readonly transport: Line;
  readonly fence?: Fence;
}

/** How one server fared in a piece of work. */
export type Fared<T> =
  | { readonly member: Member; readonly value: T }
  | { readonly member: Member; readonly failure: Failure };

/** Does `work` on all members, at most `limit` at a time, and waits for every one of them: a failure of one never cuts another short. */
export async function each<T>(
  members: readonly Member[],
  limit: number,
  work: (member: Member) => Promise<T>,
): Promise<Fared<T>[]> {
  const fared: Fared<T>[] = new Array(members.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < members.length; index = next++) {
      const member = members[index] as Member;
      try {
        fared[index] = { member, value: await work(member) };
      } catch (thrown) {
        fared[index] = { member, failure: asFailure(thrown, member.server.name) };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, members.length) }, worker));
  return fared;
}

export function failuresOf(fared: readonly Fared<unknown>[]): Failure[] {
  return fared.flatMap((one) => ('failure' in one ? [one.failure] : []));
}

export function valuesOf<T>(fared: readonly Fared<T>[]): { readonly member: Member; readonly value: T }[] {
  return fared.flatMap((one) => ('value' in one ? [one] : []));
}

/** Only servers that have a tree; the others only run hooks of their roles. */
export function holders(members: readonly Member[]): Member[] {
  return members.filter(({ server }) => server.release === 'release');
}
