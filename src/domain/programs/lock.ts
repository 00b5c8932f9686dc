import type { Fence, RemoteProgram, Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import { type LockOwner, renderOwner } from '../tree/lock.ts';
import { untrustedPathsText } from '../tree/untrusted-paths.ts';
import { factSteps, lockText } from './look.ts';

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
        // While another run holds the lock of one server, the others are taken and given back with every try.
        log: 'by the caller',
        run: { text: takeText, words: [layout.root, layout.state, owner.token, renderOwner(owner)] },
      },
      ...factSteps(layout),
    ],
  };
}

/** Gives our lock back. Whoever else holds it keeps it. */
export function releaseLockProgram(layout: Layout, fence: Fence): RemoteProgram {
  return { name: 'unlock', steps: [releaseLockStep(layout, fence)] };
}

/** The step looks for our token itself: a lock that is not ours any more is nobody's failure here. */
export function releaseLockStep(layout: Layout, fence: Fence): Step {
  return {
    id: 'give-lock-back',
    name: 'give the lock back',
    effect: 'reads',
    run: { text: releaseText, words: [layout.state, `"token":"${fence.token}"`, fence.token] },
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
        run: { text: renewText, words: [fence.lock, `"token":"${fence.token}"`] },
      },
    ],
  };
}

/**
 * Puts aside a lock whose owner is known to be gone, after its programs were ended.
 * Only the lock of exactly that `token` (or, for `unreadable`, one without a readable owner) is touched. Fact `broken`: `yes` or `no`.
 */
export function breakLockProgram(layout: Layout, token: string | 'unreadable'): RemoteProgram {
  const words = [layout.state, token === 'unreadable' ? '' : `"token":"${token}"`, token];
  return {
    name: 'take over',
    steps: [
      { id: 'put-old-lock-aside', name: 'put the old lock aside', effect: 'changes', run: { text: breakText, words } },
    ],
  };
}

/**
 * `mv DIR/lock STATE/` is rename(2): it fails on a lock that stands, because that holds its owner.
 * It is tried again where the lock that it met was given back before it could be looked at.
 * Inside the lock lies `gone.TOKEN`, which whoever takes the lock away moves beside it: a disk that is full meanwhile has no room for a new one.
 */
const takeText = `r=$1; s=$2; n="$2/lock.$3.$$"
${untrustedPathsText}
f=$(untrusted_paths "$r")
if [ -n "$f" ]; then echo "below $r, another user could lead elsewhere:" $f; text taken refused; exit 74; fi
{ [ -d "$r" ] || mkdir -p "$r"; } && { { [ -d "$r/releases" ] && [ -d "$r/shared" ]; } || mkdir -p "$r/releases" "$r/shared"; } && { [ -d "$s" ] || mkdir -m 700 "$s"; } && mkdir -p "$n/lock/gone.$3/it" &&
printf '%s,"group":"%s","started":"%s"}\\n' "$4" "$_g" "$_b" >"$n/lock/owner.json" || { rm -rf "$n" || :; text taken refused; exit 74; }
t=5
until mv "$n/lock" "$s/" 2>/dev/null; do
  t=$((t - 1))
  if [ -d "$s/lock" ]; then t=-1; fi
  [ "$t" -gt 0 ] || break
done
rm -rf "$n"
if [ "$t" -gt 0 ]; then text taken yes
elif [ "$t" -eq 0 ]; then text taken refused; exit 74
else
  text taken no
  ${lockText.replaceAll('$1', '$s')}
  exit 75
fi`;

/**
 * Takes away the lock whose owner record holds $2 (empty: one that names no token), if it still does; $1 state, $3 a name for that lock.
 * Between the look and the move nobody else may remove it, or the move would hit the lock of the next: who moves \`gone.$3\` out of the lock may, or makes it
 * where it is not there; the others let be. What a remover that died has left of that is in nobody's way after a minute, and so it is young when it is moved. Sets \`gone\`.
 */
const removeText = `n="$1/gone.$3"; gone=no
if [ -e "$n" ] && [ -n "$(find "$n" -prune -mmin +1 2>/dev/null)" ] && mv "$n" "$1/broken.$$"; then rm -rf "$1/broken.$$"; fi
touch -c "$1/lock/gone.$3" 2>/dev/null || :
if [ ! -e "$n" ] && { mv "$1/lock/gone.$3" "$1/" || mkdir "$n"; } 2>/dev/null; then
  l=; { IFS= read -r l <"$1/lock/owner.json"; } 2>/dev/null || :
  if [ -n "$2" ]; then case $l in *"$2"*) it=yes ;; *) it=no ;; esac
  else case $l in *'"token":"'*) it=no ;; *) it=yes ;; esac; fi
  if [ "$it" = yes ] && [ -d "$1/lock" ] && mv "$1/lock" "$n/"; then gone=yes; fi
  rm -rf "$n"
fi`;

/** Whoever cancels the run waits for this: half of it would be worse. What was made of a lock that was never taken, or only half given back, goes, too. */
const releaseText = `trap '' TERM
t=0
for l in "$1/lock.$3".*; do if [ -e "$l" ]; then rm -rf "$l"; fi; done
while :; do
  l=; { IFS= read -r l <"$1/lock/owner.json"; } 2>/dev/null || :
  case $l in *"$2"*) ;; *) rm -rf "$1/gone.$3"; exit 0 ;; esac
  ${removeText.replaceAll('\n', '\n  ')}
  if [ "$gone" = yes ]; then exit 0; fi
  t=$((t + 1))
  if [ "$t" -ge 3 ]; then echo 'the lock cannot be moved away'; exit 1; fi
  sleep 1
done`;

const renewText = `l=
IFS= read -r l <"$1/owner.json"
case $l in *"$2"*) touch "$1/owner.json" ;; *) text renewed no; exit 1 ;; esac`;

const breakText = `trap '' TERM
${removeText}
text broken "$gone"`;
