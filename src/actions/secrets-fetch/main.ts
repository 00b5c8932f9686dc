import { startMain } from '../entry.ts';
import { notYet } from '../not-yet.ts';

startMain(notYet('secrets-fetch'));
