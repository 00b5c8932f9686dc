// What a demo plays with, in one folder that stays: three machines, the sample application, the summaries of the jobs.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newKey } from './keys.ts';
import { Machine } from './machine.ts';
import { Project } from './project.ts';

/** Disposing turns the machines off. The key is good for these machines and this run only. */
export interface Fleet extends AsyncDisposable {
  readonly folder: string;
  readonly privateKey: string;
  readonly machines: readonly Machine[];
  readonly project: Project;
  /** How many jobs have left a summary here. */
  jobs(): number;
  /** Keeps the summary of a job; its path. */
  keep(name: string, summary: string): string;
}

export async function startFleet(folder: string): Promise<Fleet> {
  const key = newKey('demo');
  const machines = ['web1', 'web2', 'web3'].map((name) => new Machine(folder, name));
  const summaries = join(folder, 'summaries');
  mkdirSync(summaries, { recursive: true });
  const end = async () => void (await Promise.all(machines.map((machine) => machine.turnOff())));
  try {
    await Promise.all(machines.map((machine) => machine.turnOn(key.public)));
    const project = new Project(join(folder, 'shop'));
    project.configure(machines);
    const jobs = () => readdirSync(summaries).length;
    return {
      folder,
      privateKey: key.private,
      machines,
      project,
      jobs,
      keep: (name, summary) => keep(summaries, name, summary),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function keep(folder: string, name: string, summary: string): string {
  const path = join(folder, `${readdirSync(folder).length + 1}-${name.toLowerCase().replaceAll(/\W+/g, '-')}.md`);
  writeFileSync(path, summary);
  return path;
}
