import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';
import { wipeText } from './wipe.ts';

/** Deletes releases that retention has chosen, with their manifests, and goes on where one cannot be. `current`'s own is refused once more on the server. */
export function pruneStep(layout: Layout, doomed: readonly string[]): Step {
  return {
    id: 'prune',
    name: 'prune old releases',
    effect: 'changes',
    policy: 'note',
    run: { text: pruneText, words: [layout.root, layout.state, ...doomed] },
  };
}

const pruneText = `${wipeText}
r=$1; s=$2; z=0; shift 2
for i do
  if [ "$(readlink "$r/current")" = "$r/releases/$i" ] || [ "$r/releases/$i" -ef "$r/current" ]; then echo "$i is live"; exit 1; fi
  wipe "$r/releases/$i" "$s/manifests/$i.json" "$s/manifests/$i.files" "$s/manifests/$i.sha256" "$s/manifests/$i.rollback" || z=1
done
exit "$z"`;
