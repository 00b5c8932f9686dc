import { startMain } from '../job/entry.ts';
import { notYet } from '../job/not-yet.ts';

startMain(notYet('secrets-fetch'));
