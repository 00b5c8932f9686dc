import { startPost } from '../job/entry.ts';
import { runDeployPost } from './action.ts';

startPost(runDeployPost);
