import { startPost } from '../entry.ts';
import { runDeployPost } from './action.ts';

startPost(runDeployPost);
