import { listingFragment } from '../artifact/listing.ts';
import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import type { LedgerLine } from '../tree/ledger.ts';
import { untrustedPathsText } from '../tree/untrusted-paths.ts';
import { ledgerStep } from './ledger.ts';
import { wipeText } from './wipe.ts';

export interface Preparation {
  readonly layout: Layout;
  readonly release: string;
  readonly revision: string;
  /** Seconds since 1970. */
  readonly committed: number;
  readonly linkedFiles: readonly string[];
  readonly linkedDirs: readonly string[];
  /** The text of `manifests/<id>.json`. */
  readonly record: string;
  /** The release whose files `when.changed` compares with. */
  readonly live: string | undefined;
  /** Names below `incoming/` that dead runs left. */
  readonly leftovers: readonly string[];
  readonly line: LedgerLine;
}

/** From the packed stream on the channel to a complete release at its final path that is not live. */
export function prepareSteps(preparation: Preparation): Step[] {
  const { layout, release } = preparation;
  const incoming = layout.incoming(release);
  return [
    {
      id: 'make-room',
      name: 'make room',
      effect: 'changes',
      log: 'on failure',
      run: {
        text: beginText,
        words: [layout.state, layout.releases, incoming, ...preparation.leftovers.map(layout.incoming)],
      },
    },
    ledgerStep(layout, [preparation.line]),
    { id: 'upload', name: 'upload', effect: 'changes', input: 'stream', run: { text: unpackText, words: [incoming] } },
    {
      id: 'compare',
      name: 'compare',
      effect: 'reads',
      means: 'ARTIFACT_MISMATCH',
      run: { text: listingFragment, words: [`${incoming}/tree`, incoming] },
    },
    {
      id: 'link-shared',
      name: 'link shared files and directories',
      effect: 'changes',
      run: {
        text: linkText,
        words: [
          layout.shared,
          `${incoming}/tree`,
          String(preparation.linkedFiles.length),
          ...preparation.linkedFiles,
          ...preparation.linkedDirs,
        ],
      },
    },
    {
      id: 'write-revision',
      name: 'write REVISION',
      effect: 'changes',
      log: 'on failure',
      run: { text: revisionText, words: [`${incoming}/tree`, preparation.revision, String(preparation.committed)] },
    },
    {
      id: 'place-release',
      name: 'place the release',
      effect: 'changes',
      run: {
        text: placeText,
        words: [layout.state, incoming, release, layout.releases, preparation.record, preparation.live ?? ''],
      },
    },
  ];
}

/** Takes an unfinished release away. `current` is never touched: a release that is live stays. */
export function discardStep(layout: Layout, release: string): Step {
  return {
    id: 'take-release-away',
    name: 'take the unfinished release away',
    effect: 'changes',
    policy: 'always',
    run: { text: discardText, words: [layout.root, layout.state, release] },
  };
}

/** A process costs a server more than everything else that a step does: nothing is removed or made that need not be. */
const thereText = 'there() { [ -e "$1" ] || [ -L "$1" ]; }';

/** Capistrano's own stale link is only a link: it is removed, never followed. A lock that somebody is just making may stay, one that was given up an hour ago goes. A resumed release that was not complete here is made anew. */
const beginText = `${thereText}
${wipeText}
s=$1; r=$2; n=$3; shift 3
if [ -L "$r/current" ]; then rm -f "$r/current"; fi
for l do wipe "$l"; done
for l in "$s"/lock.*; do if [ -e "$l" ] && [ -n "$(find "$l" -prune -mmin +60 2>/dev/null)" ]; then rm -rf "$l"; fi; done
l=$r/\${n##*/}
if there "$l" && [ "$(readlink "\${r%/*}/current" 2>/dev/null)" != "$l" ] && ! [ "$l" -ef "\${r%/*}/current" ]; then wipe "$l"; fi
for l in "$n" "$s"/switch.* "$s"/gone.* "$s"/broken.*; do if there "$l"; then wipe "$l"; fi; done
for l in incoming manifests failed; do if [ ! -d "$s/$l" ]; then mkdir "$s/$l"; fi; done
mkdir "$n"`;

/** BusyBox tar takes modes less the umask, and a setgid directory hands its group bit on: both would differ from the list. */
const unpackText = `umask 0
chmod g-s "$1"
cd "$1"
{ z=0; gzip -dc || z=$?; echo "$z" >gzip.status; } | tar -xpof -
read -r z <gzip.status
rm -f gzip.status
[ "$z" -eq 0 ]`;

/** No directory is made in `shared` through a link of somebody else's. A parent of what we write must be a real directory; the thing itself is removed without following it. */
const linkText = `s=$1; t=$2; n=$3; shift 3
${untrustedPathsText}
${thereText}
parent() { d=$2
  while case $d in */*) ;; *) false ;; esac; do d=\${d%/*}; if [ -L "$1/$d" ]; then echo "$d is a link in the release"; exit 1; fi; done
  case $2 in */*) if [ ! -d "$1/\${2%/*}" ]; then mkdir -p "$1/\${2%/*}"; fi ;; esac; }
for p do
  if [ "$n" -gt 0 ]; then n=$((n - 1))
    if [ ! -f "$s/$p" ]; then echo "$p is missing in shared"; exit 1; fi
  else
    d=$p
    while case $d in */*) ;; *) false ;; esac; do d=\${d%/*}; if untrusted "$s/$d"; then echo "shared/$d is a link of somebody else's"; exit 1; fi; done
    if [ ! -d "$s/$p" ]; then mkdir -p "$s/$p"; fi
  fi
  parent "$t" "$p"
  if there "$t/$p"; then rm -rf "$t/$p"; fi
  ln -s "$s/$p" "$t/$p"
done`;

const revisionText = `${thereText}
cd "$1"
for p in REVISION REVISION_TIME; do if there "$p"; then rm -rf "$p"; fi; done
printf '%s\\n' "$2" >REVISION
printf '%s\\n' "$3" >REVISION_TIME`;

/** Without a live release, without its list, or where more than 4 MiB of names changed, every file counts as changed: the fact `changed` stays away. */
const placeText = `s=$1; n=$2; i=$3; r=$4
if [ -n "$6" ] && [ -f "$s/manifests/$6.files" ]; then
  LC_ALL=C sort "$s/manifests/$6.files" "$n/hashes" | uniq -u | sed 's/^[0-9a-f]*  \\.\\///' >"$n/changed"
  if [ -n "$(find "$n/changed" -prune -size -8193)" ]; then file changed "$n/changed"; fi
fi
mv "$n/hashes" "$s/manifests/$i.files"
printf '%s' "$5" >"$s/manifests/$i.json"
mv "$n/tree" "$n/$i"
TZ=UTC0 touch -t 200001010000 "$n/$i"
mv "$n/$i" "$r/"
rm -rf "$n"`;

const discardText = `${wipeText}
r=$1; s=$2; i=$3
if [ "$(readlink "$r/current" 2>/dev/null)" = "$r/releases/$i" ] || [ "$r/releases/$i" -ef "$r/current" ]; then echo "$i is live"; exit 1; fi
wipe "$s/incoming/$i" "$s/switch.$i" "$r/releases/$i" "$s/manifests/$i.json" "$s/manifests/$i.files" "$s/manifests/$i.sha256" "$s/manifests/$i.rollback"`;
