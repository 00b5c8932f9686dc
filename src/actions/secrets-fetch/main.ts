import { startMain } from '../job/entry.ts';
import { runSecretsFetch } from './action.ts';

startMain(runSecretsFetch);
