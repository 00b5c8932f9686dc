import type { Layout } from '../layout.ts';
import { type LockOwner, renderOwner } from '../lock.ts';
import type { Fence, RemoteProgram, Step } from '../program.ts';
import { foreignText } from './foreign.ts';
import { lockText, lookSteps } from './look.ts';

/** The fence of a lock that `owner` holds. */
export function fenceOf(layout: Layout, owner: LockOwner): Fence {
  return { lock: layout.lock, token: owner.token, owner: renderOwner(owner) };
}

/**
 * Takes the lock, if it is free, and reads the facts under it.
 * Fact `taken`: `yes`; `no` with `owner` and `lockage` of who holds it; `refused` where it cannot be written.
 */
export function takeLockProgram(layout: Layout, owner: LockOwner, linkedFiles: readonly string[]): RemoteProgram {
  return {
    name: 'lock',
    steps: [
      { name: 'take the lock', effect: 'changes', run: { text: takeText, words: [layout.root, layout.state, owner.token, renderOwner(owner)] } },
      ...lookSteps(layout, linkedFiles),
    ],
  };
}

/** Gives our lock back. Whoever else holds it keeps it. */
export function releaseLockProgram(layout: Layout, fence: Fence): RemoteProgram {
  return { name: 'unlock', steps: [releaseLockStep(layout, fence)] };
}

/** The step looks for our token itself: a lock that is not ours any more is nobody's failure here. */
export function releaseLockStep(layout: Layout, fence: Fence): Step {
  return { name: 'give the lock back', effect: 'reads', policy: 'always', run: { text: releaseText, words: [layout.state, fence.token, `"token":"${fence.token}"`] } };
}

/** Keeps the lease of a long program alive, from a second exec. */
export function renewProgram(fence: Fence): RemoteProgram {
  return { name: 'renew', steps: [{ name: 'renew the lease', effect: 'reads', run: { text: renewText, words: [fence.lock, `"token":"${fence.token}"`] } }] };
}

/**
 * Puts aside a lock whose owner is known to be gone, after its programs were ended.
 * Only the lock of exactly that `token` (or, for `unreadable`, one without a readable owner) is touched. Fact `broken`: `yes` or `no`.
 */
export function breakLockProgram(layout: Layout, token: string | 'unreadable', id: string): RemoteProgram {
  const words = [layout.state, token === 'unreadable' ? '' : `"token":"${token}"`, id];
  return { name: 'take over', steps: [{ name: 'put the old lock aside', effect: 'changes', run: { text: breakText, words } }] };
}

/** `mv DIR/lock STATE/` is rename(2): it fails on a lock that stands, because that holds its owner. */
const takeText = `r=$1; s=$2; n="$2/lock.$3"
${foreignText}
f=$(foreign_places "$r")
if [ -n "$f" ]; then echo "below $r, another user could lead elsewhere:" $f; text taken refused; exit 74; fi
mkdir -p "$r" && mkdir -p "$r/releases" "$r/shared" && { [ -d "$s" ] || mkdir -m 700 "$s"; } && mkdir "$n" "$n/lock" &&
printf '%s,"group":"%s","started":"%s"}\\n' "$4" "$_g" "$_b" >"$n/lock/owner.json" || { rm -rf "$n"; text taken refused; exit 74; }
if mv "$n/lock" "$s/" 2>/dev/null; then
  rmdir "$n"; text taken yes
else
  rm -rf "$n"
  if [ ! -d "$s/lock" ]; then text taken refused; exit 74; fi
  text taken no
  ${lockText.replaceAll('$1', '$s')}
  exit 75
fi`;

const releaseText = `n="$1/gone.$2"; l=
{ IFS= read -r l <"$1/lock/owner.json"; } 2>/dev/null || :
case $l in *"$3"*) ;; *) exit 0 ;; esac
mkdir "$n" && mv "$1/lock" "$n/" && rm -rf "$n"`;

const renewText = `l=
IFS= read -r l <"$1/owner.json"
case $l in *"$2"*) touch "$1/owner.json" ;; *) text renewed no; exit 1 ;; esac`;

const breakText = `n="$1/broken.$3"; l=
if [ -f "$1/lock/owner.json" ]; then IFS= read -r l <"$1/lock/owner.json" || :; fi
if [ -z "$2" ]; then case $l in *'"token":"'*) text broken no; exit 0 ;; esac
else case $l in *"$2"*) ;; *) text broken no; exit 0 ;; esac; fi
mkdir "$n"
if mv "$1/lock" "$n/" 2>/dev/null; then rm -rf "$n"; text broken yes; else rmdir "$n"; text broken no; fi`;
