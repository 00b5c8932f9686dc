import { notYet } from '../not-yet.ts';

/** Fails before anything is read: the inputs are settled, the action is not built yet. */
const { code, message, hint } = notYet('secrets-fetch');
console.log(`::error title=${code}::${message} ${hint}`);
process.exitCode = 1;
