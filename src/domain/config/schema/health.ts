import { command, headerName, headerValue, line, role, sought } from './value-types.ts';
import type { Read } from './vocabulary.ts';
import { choice, dictionary, duration, flag, list, map, text, whole } from './vocabulary.ts';

const url = text(
  'a URL that begins with http:// or https://, without user or password',
  /^https?:\/\/[^\s]+$/i,
  2000,
  isUrl,
);

const expectation = map({
  status: whole(100, 599).prefault(200).describe('The status of the answer; redirects are not followed.'),
  body_contains: sought()
    .optional()
    .describe('Text that the body of the answer holds. `{revision}` stands for the commit that is deployed.'),
});

/** One health check: a request, or a command. */
export const probe = map({
  name: line()
    .optional()
    .describe('What it is called in the log and the summary; without one, the URL or the first line of the command.'),
  http: url.optional().describe('A GET request to this URL. Exactly one of `http` and `run`.'),
  run: command().optional().describe('A command on the server, run in `current`: healthy when it exits with 0.'),
  from: choice(['server', 'runner'])
    .optional()
    .describe(
      'Who asks: the server itself (through the SSH connection, so `127.0.0.1` is the server), which is the default, or the runner.',
    ),
  headers: dictionary(headerName(), headerValue()).optional().describe('Headers of the request.'),
  expect: expectation.optional().describe('What the answer must be. Without it: status 200.'),
  roles: list(role())
    .prefault([])
    .describe('Only on servers with one of these roles; without it, on every server that has a release.'),
  required: flag().prefault(true).describe('`false`: it informs and never reverts.'),
  interval: duration('100ms', '10m').prefault('2s').describe('From one attempt to the next.'),
  timeout: duration('100ms', '10m').prefault('5s').describe('How long one attempt may take.'),
  healthy_after: whole(1, 100)
    .prefault(1)
    .describe(
      'So many good answers in a row make it healthy. Ask for more where the application can die soon after its start.',
    ),
  deadline: duration('1s', '1d')
    .prefault('60s')
    .describe(
      'From its first question, which comes after the hooks `published` and the checks before it. All checks of one server together have `strategy.host_deadline`: raise that, too, for more.',
    ),
}).superRefine((value, context) => {
  const complain = (path: readonly string[], message: string): void =>
    context.addIssue({ code: 'custom', path: [...path], message });
  if ((value.http === undefined) === (value.run === undefined))
    complain([], 'expected exactly one of "http" and "run"');
  for (const key of ['from', 'headers', 'expect'] as const) {
    if (value.run !== undefined && value[key] !== undefined) complain([key], 'belongs to "http", not to "run"');
  }
  const least = (value.healthy_after - 1) * value.interval;
  if (least >= value.deadline)
    complain(['deadline'], `"healthy_after" and "interval" need more than ${least / 1000} s, so this cannot be met`);
});

export type ProbeForm = Read<typeof probe>;

export const health = list(probe, 50);

function isUrl(value: string): boolean {
  const read = URL.parse(value);
  return read !== null && ['http:', 'https:'].includes(read.protocol) && read.username === '' && read.password === '';
}
