import { startPost } from '../job/entry.ts';
import { runSecretsFetchPost } from './end.ts';

startPost(runSecretsFetchPost);
