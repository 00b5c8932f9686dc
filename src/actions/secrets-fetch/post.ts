import { startPost } from '../job/entry.ts';
import { runSecretsFetchPost } from './action.ts';

startPost(runSecretsFetchPost);
