import { integrityFragment } from '../artifact/listing.ts';
import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import { wipeText } from './wipe.ts';

/**
 * Writes the integrity list and gives the release its age: Capistrano orders releases by the time of their directory,
 * so until now it carried 2000-01-01, and this touch is the last act of completing it.
 */
export function completeSteps(layout: Layout, release: string, mutablePatterns: readonly string[]): Step[] {
  return [
    {
      id: 'list-files',
      name: 'list the files of the release',
      effect: 'changes',
      run: {
        text: integrityFragment,
        words: [layout.release(release), layout.manifest(release, 'sha256'), ...mutablePatterns],
      },
    },
    {
      id: 'keep-undated',
      name: 'keep the release undated',
      effect: 'changes',
      log: 'on failure',
      run: { text: undateText, words: [layout.release(release)] },
    },
  ];
}

/** Makes the release live: an absolute link, made aside and moved over the old one in one rename. */
export function switchSteps(layout: Layout, release: string): Step[] {
  return [
    {
      id: 'date-release',
      name: 'date the release',
      effect: 'changes',
      log: 'on failure',
      run: ['touch', layout.release(release)],
    },
    {
      id: 'switch-current',
      name: 'switch current',
      effect: 'changes',
      run: { text: switchText, words: [layout.root, layout.launch(release), layout.release(release)] },
    },
  ];
}

/** Puts `current` back to `previous`, or, where that is no release, to what it was, if anything; only while it still points at `release`. */
export function switchBackStep(layout: Layout, release: string, previous: string | undefined): Step {
  const target = previous === undefined ? '' : layout.release(previous);
  return {
    id: 'switch-current-back',
    name: 'switch current back',
    effect: 'changes',
    run: { text: backText, words: [layout.root, layout.launch(release), layout.release(release), target] },
  };
}

/** Moves a release that must never be chosen again out of `releases/`. The newest two of those are kept. */
export function setAsideStep(layout: Layout, release: string): Step {
  return {
    id: 'set-aside',
    name: 'set the release aside',
    effect: 'changes',
    policy: 'always',
    run: { text: asideText, words: [layout.root, layout.state, release] },
  };
}

const undateText = 'TZ=UTC0 touch -t 200001010000 "$1"';

/** `relink ROOT LAUNCH TARGET` */
const relinkText = `relink() {
  if [ -e "$1/current" ] && [ ! -L "$1/current" ]; then echo 'current is not a link'; exit 1; fi
  if [ -e "$2" ] || [ -L "$2" ]; then rm -rf "$2"; fi
  mkdir "$2"
  ln -s "$3" "$2/current"
  mv -f "$2/current" "$1/"
  rmdir "$2"
}`;

/** What `current` was is kept as a link that is ready to be moved back, beside the launch directory, until the next release is prepared: a full disk has no room for another one. */
const switchText = `${relinkText}
[ -d "$3" ]
l=; if [ -L "$1/current" ]; then l=$(readlink "$1/current"); fi
if [ -n "$l" ] && [ "$l" != "$3" ]; then
  if [ -e "$2.was" ] || [ -L "$2.was" ]; then rm -rf "$2.was"; fi
  mkdir "$2.was"
  ln -s "$l" "$2.was/current"
fi
relink "$1" "$2" "$3"`;

/** `current` may lead to the release by another spelling of `deploy_to`. */
const backText = `${relinkText}
if [ "$(readlink "$1/current" 2>/dev/null)" != "$3" ] && ! [ "$3" -ef "$1/current" ]; then exit 0; fi
[ -z "$4" ] || [ -d "$4" ]
w=$(readlink "$2.was/current" 2>/dev/null) || w=
if [ -n "$w" ] && [ "$w" = "\${4:-$w}" ]; then mv -f "$2.was/current" "$1/"
elif [ -n "$4" ]; then relink "$1" "$2" "$4"
else rm -f "$1/current"; fi`;

/** That an older one cannot be deleted is no reason to doubt this one. */
const asideText = `${wipeText}
r=$1; s=$2; i=$3
if [ "$(readlink "$r/current" 2>/dev/null)" = "$r/releases/$i" ] || [ "$r/releases/$i" -ef "$r/current" ]; then echo "$i is live"; exit 1; fi
rm -rf "$s/incoming/$i" "$s/switch.$i" "$s/switch.$i.was"
if [ -d "$r/releases/$i" ]; then mkdir -p "$s/failed"; wipe "$s/failed/$i"; mv "$r/releases/$i" "$s/failed/"; fi
ls "$s/failed" | sed -n '/^[0-9]\\{14\\}$/p' | sort -r | tail -n +3 | while IFS= read -r o; do wipe "$s/failed/$o" || :; done`;
