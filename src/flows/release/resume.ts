import { ledgerStep } from '../../domain/programs/ledger.ts';
import { isDone, resumablePoints } from '../../domain/release/resume.ts';
import type { DeployRun } from '../context.ts';
import type { OnceMemory } from '../hooks/context.ts';
import { ledgerLine } from './ledger.ts';

/** A hook that ran once is written into the ledger, where the next attempt of this job finds it. */
export function onceMemory(run: DeployRun): OnceMemory {
  return {
    isDone: (hook, point, { server }) => isDone(run.resumed, { server: server.name, point, name: hook.name }),
    remember: (hook, point, { layout }) => {
      if (!resumablePoints.includes(point)) return [];
      return [ledgerStep(layout, [ledgerLine(run, 'preparing', { once: `${point}: ${hook.name}` })])];
    },
  };
}
