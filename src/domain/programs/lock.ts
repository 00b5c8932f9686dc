import { programs } from '../../generated/programs.ts';
import type { Fence, RemoteProgram, Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import { type LockOwner, renderOwner } from '../tree/lock.ts';
import { factSteps } from './look.ts';

/** The fence of a lock that `owner` holds. */
export function fenceOf(layout: Layout, owner: LockOwner): Fence {
  return { lock: layout.lock, token: owner.token, owner: renderOwner(owner) };
}

/**
 * Takes the lock, if it is free, and reads the facts under it.
 * Fact `taken`: `yes`; `no` with `owner` and `lockage` of who holds it; `refused` where it cannot be written.
 */
export function takeLockProgram(layout: Layout, owner: LockOwner): RemoteProgram {
  return {
    name: 'lock',
    steps: [
      {
        id: 'take-lock',
        name: 'take the lock',
        effect: 'changes',
        // While another run holds the lock of one server, the locks of the others are taken and released with every
        // attempt.
        log: 'by the caller',
        run: { text: programs['take-lock'], words: [layout.root, layout.state, owner.token, renderOwner(owner)] },
      },
      ...factSteps(layout),
    ],
  };
}

/** Releases our lock. A lock that another run holds is not touched. */
export function releaseLockProgram(layout: Layout, fence: Fence): RemoteProgram {
  return { name: 'unlock', steps: [releaseLockStep(layout, fence)] };
}

/** The step checks for our token itself and is not fenced: here a lock that is not ours any more is not a failure. */
export function releaseLockStep(layout: Layout, fence: Fence): Step {
  return {
    id: 'give-lock-back',
    name: 'give the lock back',
    effect: 'reads',
    run: { text: programs['give-lock-back'], words: [layout.state, `"token":"${fence.token}"`, fence.token] },
  };
}

/** Keeps the lease of a long program alive, from a second exec. */
export function renewProgram(fence: Fence): RemoteProgram {
  return {
    name: 'renew',
    steps: [
      {
        id: 'renew-lease',
        name: 'renew the lease',
        effect: 'reads',
        run: { text: programs['renew-lease'], words: [fence.lock, `"token":"${fence.token}"`] },
      },
    ],
  };
}

/**
 * Removes a lock whose owner is known to be gone, after its programs were ended.
 * Only the lock of exactly that `token` (or, for `unreadable`, one without a readable owner) is touched. Fact `broken`:
 * `yes` or `no`.
 */
export function breakLockProgram(layout: Layout, token: string | 'unreadable'): RemoteProgram {
  const words = [layout.state, token === 'unreadable' ? '' : `"token":"${token}"`, token];
  return {
    name: 'take over',
    steps: [
      {
        id: 'put-old-lock-aside',
        name: 'put the old lock aside',
        effect: 'changes',
        run: { text: programs['put-old-lock-aside'], words },
      },
    ],
  };
}
