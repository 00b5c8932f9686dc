import { notYet } from '../not-yet.ts';

/** Fails before anything is read: the inputs are settled, the action is not built yet. */
const { code, message, hint } = notYet('rollback');
console.log(`::error title=${code}::${message} ${hint}`);
process.exitCode = 1;
