import { startMain } from '../entry.ts';
import { runDeploy } from './action.ts';

startMain(runDeploy);
