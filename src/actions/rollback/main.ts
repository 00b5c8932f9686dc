import { startMain } from '../entry.ts';
import { notYet } from '../job/not-yet.ts';

startMain(notYet('rollback'));
