import { expandHost, mostServers, serverNames } from '../hosts.ts';
import type { MergedStage } from '../schema/file.ts';
import type { ServerForm } from '../schema/servers.ts';
import { quoted } from '../schema/shown.ts';
import type { Problem } from './problems.ts';
import { problem } from './problems.ts';

/** One server after its pattern was expanded; `undefined` for what neither the server nor its stage sets. */
export interface Member {
  readonly form: ServerForm;
  /** Which entry of `servers` it comes from. */
  readonly index: number;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  /** Without a slash at its end. */
  readonly deployTo: string | undefined;
}

export function fleetOf(stage: MergedStage): readonly Member[] {
  const hosts = stage.servers.flatMap((form, index) => {
    const expansion = expandHost(form.host);
    return expansion.kind === 'wrong' ? [] : expansion.hosts.map((host) => ({ form, index, host }));
  });
  const members = hosts.slice(0, mostServers + 1).map(({ form, index, host }) => ({
    form,
    index,
    host,
    port: form.port ?? stage.ssh.port,
    user: form.user ?? stage.ssh.user,
    deployTo: (form.deploy_to ?? stage.deploy_to)?.replace(/\/$/, ''),
  }));
  const names = serverNames(
    members.map((member) => ({ name: member.form.name, host: member.host, port: member.port })),
  );
  return members.map((member, index) => ({ ...member, name: names[index] ?? member.host }));
}

/**
 * What is wrong with the servers. `failed`: keys of the stage that are reported already, so that their consequences are
 * not reported as well.
 */
export function fleetProblems(stage: MergedStage, failed: ReadonlySet<string>): readonly Problem[] {
  const fleet = fleetOf(stage);
  return [
    ...stage.servers.flatMap(patternProblems),
    ...(fleet.length > mostServers ? [problem(['servers'], `expected at most ${mostServers} servers`)] : []),
    ...repetitions(fleet),
    ...(failed.has('ssh') ? [] : missing(fleet, 'user', 'has no user: set "ssh.user", or "user" here')),
    ...(failed.has('deploy_to')
      ? []
      : missing(fleet, 'deployTo', 'has no deploy_to: set it for the file, for the stage or here')),
    ...(stage.servers.every((server) => server.no_release)
      ? [problem(['servers'], 'expected at least one server with a release')]
      : []),
  ];
}

function patternProblems(form: ServerForm, index: number): readonly Problem[] {
  const expansion = expandHost(form.host);
  if (expansion.kind === 'wrong') return [problem(['servers', index, 'host'], expansion.because)];
  const several = form.name !== undefined && expansion.hosts.length > 1;
  return several
    ? [problem(['servers', index, 'name'], `names one server, but its pattern stands for ${expansion.hosts.length}`)]
    : [];
}

function repetitions(fleet: readonly Member[]): readonly Problem[] {
  const names = repeated(fleet, (member) => member.name);
  const trees = repeated(
    fleet.filter((member) => !member.form.no_release),
    treeOf,
  ).filter((member) => !names.some((named) => named.index === member.index));
  return [
    ...names.map((member) =>
      problem(['servers', member.index], `${quoted(member.name)} is here twice: give one of them a name of its own`),
    ),
    ...trees.map((member) =>
      problem(['servers', member.index], 'is the same directory on the same host as another server of this stage'),
    ),
  ];
}

/**
 * Members whose key came before; those of one pattern with a name always repeat it, which `patternProblems` reports.
 */
function repeated(fleet: readonly Member[], key: (member: Member) => string): readonly Member[] {
  const seen = new Map<string, Member>();
  return fleet.filter((member) => {
    const same = seen.get(key(member));
    seen.set(key(member), member);
    return same !== undefined && !(same.index === member.index && member.form.name !== undefined);
  });
}

function treeOf(member: Member): string {
  return `${member.host.toLowerCase()}:${member.port}:${member.deployTo ?? ''}`;
}

function missing(fleet: readonly Member[], key: 'user' | 'deployTo', text: string): readonly Problem[] {
  const entries = new Set(fleet.filter((member) => member[key] === undefined).map((member) => member.index));
  return [...entries].map((index) => problem(['servers', index], text));
}
