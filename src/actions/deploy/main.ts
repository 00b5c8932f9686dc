import { startMain } from '../job/entry.ts';
import { runDeploy } from './action.ts';

startMain(runDeploy);
