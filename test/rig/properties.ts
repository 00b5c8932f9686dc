// Runs before each suite: properties that give no `numRuns` of their own take part in `npm run soak`, too.
import fc from 'fast-check';
import { runs } from './runs.ts';

const usual = 100;
fc.configureGlobal({ numRuns: runs(usual) });
