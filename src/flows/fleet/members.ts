import type { Failure } from '../../domain/failure.ts';
import { asFailure } from '../../domain/failure.ts';
import type { Member } from '../context.ts';

/** What became of a piece of work on one server. */
export type MemberResult<T> =
  | { readonly member: Member; readonly value: T }
  | { readonly member: Member; readonly failure: Failure };

/**
 * Does `work` on all members, at most `limit` at a time, and waits for every one of them: a failure of one never cuts
 * another short.
 */
export async function onEach<T>(
  members: readonly Member[],
  limit: number,
  work: (member: Member) => Promise<T>,
): Promise<MemberResult<T>[]> {
  const results: MemberResult<T>[] = new Array(members.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < members.length; index = next++) {
      const member = members[index] as Member;
      try {
        results[index] = { member, value: await work(member) };
      } catch (thrown) {
        results[index] = { member, failure: asFailure(thrown, member.server.name) };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, members.length) }, worker));
  return results;
}

export function failuresOf(results: readonly MemberResult<unknown>[]): Failure[] {
  return results.flatMap((one) => ('failure' in one ? [one.failure] : []));
}

export function valuesOf<T>(results: readonly MemberResult<T>[]): { readonly member: Member; readonly value: T }[] {
  return results.flatMap((one) => ('value' in one ? [one] : []));
}

/** Only servers that have a tree; the others only run hooks of their roles. */
export function withTree(members: readonly Member[]): Member[] {
  return members.filter(({ server }) => server.release === 'release');
}

/** The member without its fence: for programs that do not need the lock, or run after it was lost. */
export function unfenced({ fence: _, ...member }: Member): Member {
  return member;
}
