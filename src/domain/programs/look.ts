import type { RemoteProgram, Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import { untrustedPathsText } from '../tree/untrusted-paths.ts';

/** What a deploy needs to find on a server, beside POSIX sh. All of it is in BusyBox. */
export const neededTools = [
  'cat',
  'chmod',
  'date',
  'dd',
  'df',
  'dirname',
  'find',
  'gzip',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mv',
  'paste',
  'readlink',
  'rm',
  'rmdir',
  'sed',
  'sha256sum',
  'sort',
  'stat',
  'tail',
  'tar',
  'touch',
  'tr',
  'uniq',
  'xargs',
] as const;

/** Reads what decisions are made from, and whether the server is fit for a deploy; changes nothing. `domain/facts.ts` reads the answer. */
export function surveyProgram(layout: Layout, linkedFiles: readonly string[], become?: string): RemoteProgram {
  const steps: Step[] = [
    { id: 'look-for-tools', name: 'look for tools', effect: 'reads', run: { text: toolText, words: neededTools } },
    {
      id: 'look-at-user-and-clock',
      name: 'look at the user and the clock',
      effect: 'reads',
      run: { text: selfText, words: [layout.root] },
    },
    ...factSteps(layout),
    lockStep(layout),
    roomStep(layout, 'stop'),
    {
      id: 'look-for-linked-files',
      name: 'look for linked files',
      effect: 'reads',
      run: { text: linkedText, words: [layout.shared, ...linkedFiles] },
    },
  ];
  return { name: 'survey', steps, ...(become === undefined ? {} : { become }) };
}

/** What decisions are made from; under the lock nothing else is read again. */
export function factSteps(layout: Layout): Step[] {
  return [
    { id: 'look-at-tree', name: 'look at the tree', effect: 'reads', run: { text: treeText, words: [layout.root] } },
    {
      id: 'read-records',
      name: 'read the records',
      effect: 'reads',
      run: { text: recordsText, words: [layout.root, layout.state] },
    },
  ];
}

/** Reports free space and inodes; as a last step with `failed` it tells a full disk from other failures. */
export function roomStep(layout: Layout, policy: 'stop' | 'failed'): Step {
  return {
    id: 'look-at-free-space',
    name: 'look at free space',
    effect: 'reads',
    policy,
    run: { text: roomText, words: [layout.root] },
  };
}

/** Reports what `current` and REVISION say: the truth that a run's result is made of. */
export function truthStep(layout: Layout): Step {
  return {
    id: 'read-current-back',
    name: 'read current back',
    effect: 'reads',
    policy: 'always',
    run: { text: truthText, words: [layout.root] },
  };
}

/** Reports who holds the lock; the facts are read by `readLock`. */
export function lockStep(layout: Layout): Step {
  return {
    id: 'look-at-lock',
    name: 'look at the lock',
    effect: 'reads',
    run: { text: lockText, words: [layout.state] },
  };
}

/** A link is told as `link DEPLOY_TO/releases/NAME` where it leads to one of the releases, however it is spelled; a dangling one leads elsewhere. */
const truthText = `if [ -L "$1/current" ]; then
  l=$(readlink "$1/current"); l=\${l%/}
  if [ "$1/releases/\${l##*/}" -ef "$1/current" ]; then text current "link $1/releases/\${l##*/}"; else text current "elsewhere $l"; fi
elif [ -e "$1/current" ]; then text current other
else text current none; fi
if [ -f "$1/current/REVISION" ]; then text revision "$(dd if="$1/current/REVISION" bs=100 count=1 2>/dev/null)"; fi`;

/** `names KEY DIR` reports the names in a directory, as `ls` does, but without a process of its own. */
const namesText = `names() {
  if [ ! -d "$2" ]; then return 0; fi
  say "text $1"
  for e in "$2"/*; do if [ -e "$e" ] || [ -L "$e" ]; then printf '%s\\n' "\${e##*/}"; fi; done
  say close
}`;

/** Leases and probes go by the server's clock, so one that tells no time is found here. */
const selfText = `${untrustedPathsText}
text untrusted "$(untrusted_paths "$1")"
n=$(date +%s)
case $n in ''|*[!0-9]*) echo 'date +%s tells no time'; exit 1 ;; esac
text now "$n"
text user "$(id -un)"
d=$1
while [ ! -d "$d" ]; do d=$(dirname "$d"); done
if [ -w "$d" ]; then text writable yes; else text writable no; fi`;

const treeText = `${namesText}
${truthText}
names releases "$1/releases"
if [ -L "$1/releases/current" ]; then text stale yes; fi`;

/** Also how a contender sees the lock: `programs/lock.ts`. A lock that somebody else could have written is none: it says whom to kill. */
export const lockText = `if [ -d "$1/lock" ] && [ ! -L "$1" ] && [ -O "$1" ]; then
  text lock present
  file owner "$1/lock/owner.json"
  text lockage "$(($(date +%s) - $(stat -c %Y "$1/lock/owner.json" 2>/dev/null || date +%s)))"
fi`;

const recordsText = `${namesText}
if [ -f "$2/ledger.jsonl" ]; then say 'text ledger'; tail -c 524288 "$2/ledger.jsonl"; say close; fi
file hold "$2/hold.json"
file quarantine "$2/quarantine.json"
if [ -f "$2/break-glass.log" ]; then say 'text byhand'; tail -c 65536 "$2/break-glass.log"; say close; fi
names incoming "$2/incoming"
names failed "$2/failed"
n=; l=
if [ -L "$1/current" ]; then l=$(readlink "$1/current"); file manifest "$2/manifests/\${l##*/}.json"; fi
for d in "$1"/releases/[0-9]*; do case \${d##*/} in *[!0-9]*) ;; *) n=\${d##*/} ;; esac; done
if [ -n "$n" ] && [ "$l" != "$1/releases/$n" ]; then file unfinished "$2/manifests/$n.json"; fi
if [ -f "$1/revisions.log" ]; then say 'text log'; tail -c 65536 "$1/revisions.log"; say close; fi`;

const roomText = `d=$1
while [ ! -d "$d" ]; do d=$(dirname "$d"); done
say 'text disk'; df -Pk "$d" 2>/dev/null || :; say close
say 'text inodes'; df -Pi "$d" 2>/dev/null || :; say close`;

const linkedText = `s=$1; shift; m=
for f do if [ ! -f "$s/$f" ]; then m="$m$f
"; fi; done
text unlinked "$m"`;

const toolText = `m=
for t do if ! command -v "$t" >/dev/null 2>&1; then m="$m$t "; fi; done
text missing "$m"`;
