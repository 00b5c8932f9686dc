import { programs } from '../../generated/programs.ts';
import type { Probe } from '../health/probe.ts';
import type { RemoteProgram } from '../remote/program.ts';

/** A command that says how a service is, and where it is run. */
export interface CommandQuestion {
  readonly probe: Probe;
  /** The path of `current` on the server. */
  readonly current: string;
  /** Exported for the command. Never a secret. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Milliseconds beyond the deadline for the way there and back. */
const slack = 15_000;

/** One program that asks again and again on the server: a probe costs one exec, however long it takes. */
export function commandProbe({ probe, current, env }: CommandQuestion, command: string): RemoteProgram {
  const { name, healthyAfter, interval, timeout, deadline } = probe;
  const words = [command, String(healthyAfter), seconds(interval), seconds(timeout), seconds(deadline)];
  return {
    name: `health: ${name}`,
    steps: [
      {
        id: 'probe',
        name: `health: ${name}`,
        run: { text: programs.probe, words },
        effect: 'reads',
        cwd: current,
        ...(env === undefined ? {} : { env }),
        timeout: deadline + timeout + healthyAfter * (interval + timeout) + slack,
      },
    ],
  };
}

/** Whole seconds: neither `sleep` nor `timeout` has to know parts of one. */
function seconds(milliseconds: number): string {
  return String(Math.max(1, Math.ceil(milliseconds / 1000)));
}
