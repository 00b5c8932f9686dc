import { programs } from '../../generated/programs.ts';
import { keptFailures } from '../release/retention.ts';
import type { Step } from '../remote/program.ts';
import type { Layout } from '../tree/layout.ts';

/**
 * Writes the integrity list and sets the time of the release to 2000-01-01. Capistrano orders releases by the time of
 * their directory,
 * so an undated release is never its newest. `switchSteps` dates it.
 */
export function completeSteps(layout: Layout, release: string, mutablePatterns: readonly string[]): Step[] {
  return [
    {
      id: 'list-files',
      name: 'list the files of the release',
      effect: 'changes',
      run: {
        text: programs['list-files'],
        words: [layout.release(release), layout.manifest(release, 'sha256'), ...mutablePatterns],
      },
    },
    {
      id: 'keep-undated',
      name: 'keep the release undated',
      effect: 'changes',
      log: 'on failure',
      run: { text: programs['keep-undated'], words: [layout.release(release)] },
    },
  ];
}

/** Makes the release live: an absolute link, created in another directory and moved over the old one in one rename. */
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
      run: { text: programs['switch-current'], words: [layout.root, layout.launch(release), layout.release(release)] },
    },
  ];
}

/**
 * Switches `current` back to `previous` or, where that is no release, to what it was, if anything; only while it still
 * points at `release`.
 */
export function switchBackStep(layout: Layout, release: string, previous: string | undefined): Step {
  const target = previous === undefined ? '' : layout.release(previous);
  return {
    id: 'switch-current-back',
    name: 'switch current back',
    effect: 'changes',
    run: {
      text: programs['switch-current-back'],
      words: [layout.root, layout.launch(release), layout.release(release), target],
    },
  };
}

/** Moves a release that must never be chosen again out of `releases/`. The newest `keptFailures` of those are kept. */
export function setAsideStep(layout: Layout, release: string): Step {
  return {
    id: 'set-aside',
    name: 'set the release aside',
    effect: 'changes',
    policy: 'always',
    run: { text: programs['set-aside'], words: [layout.root, layout.state, release, String(keptFailures)] },
  };
}
