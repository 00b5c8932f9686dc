// The four acts of the demo: what is done, and how each has to end.

export interface Act {
  readonly title: string;
  /** What will happen. */
  readonly before: string;
  /** The page of the shop, and the message of its commit. */
  readonly page: string;
  readonly message: string;
  /** Machines that are turned off first. */
  readonly off: readonly string[];
  readonly ends: Ending;
  /** What to see in it. */
  readonly after: string;
}

export interface Ending {
  readonly exitCode: 0 | 1;
  /** The output `result`. */
  readonly result: 'deployed' | 'reverted' | 'failed';
  /** Which release every machine runs. */
  readonly live: 'the new one' | 'the one before';
}

export const acts: readonly Act[] = [
  {
    title: 'The first deploy',
    before: `Three servers that do not have the shop yet. Each gets the release, which is verified to be complete. Then web1 is switched and
asked whether the shop answers; web2 and web3 follow when it does.`,
    page: `export const page = () => 'Welcome to the shop';\n`,
    message: 'Open the shop',
    off: [],
    ends: { exitCode: 0, result: 'deployed', live: 'the new one' },
    after: 'There is nothing to go back to yet, and the log says so: "Rollback possible: no".',
  },
  {
    title: 'A change',
    before: 'The page gets a new line. The release that is live stays where it is: a rollback would go back to it.',
    page: `export const page = () => 'Welcome to the shop. New today: apples';\n`,
    message: 'Sell apples',
    off: [],
    ends: { exitCode: 0, result: 'deployed', live: 'the new one' },
    after: 'From here on a rollback would be possible.',
  },
  {
    title: 'A release that does not work',
    before: `The new page uses a name that is not defined: the shop starts, and answers 500 to everything. web1 is switched
first, and asked for 6 seconds. Then it must be reverted automatically, and web2 and web3 must never have served the new page.`,
    page: 'export const page = () => `Welcome to the shop. Apples: ${prices.apples} a kilo`;\n',
    message: 'Show what apples cost',
    off: [],
    ends: { exitCode: 1, result: 'reverted', live: 'the one before' },
    after: 'The job is red, and the customers still buy apples.',
  },
  {
    title: 'A dead server',
    before:
      'The page is fixed, but web3 has been switched off. Half a deploy would be worse than none: nothing may change on web1 and web2.',
    page: `export const page = () => 'Welcome to the shop. Apples: 3 a kilo';\n`,
    message: 'Show what apples cost, with prices',
    off: ['web3'],
    ends: { exitCode: 1, result: 'failed', live: 'the one before' },
    after:
      'web1 and web2 were looked at and left alone, and the summary says what they run. With `unreachable_allowed: 1` under `strategy`, they would go on without web3.',
  },
];
