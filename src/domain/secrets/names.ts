import { Failure, together } from '../failure.ts';

/** Where a secret goes by its name: the environment of a process, or a file of names and values. */
export type NameTarget = 'environment' | 'file';

/** Names that decide how a program is found or started, in any environment. A star stands for the rest of the name. */
const startsPrograms = ['PATH', 'LD_*', 'DYLD_*', 'NODE_OPTIONS', 'BASH_ENV', 'ENV', 'IFS'];

/** Names that shells, interpreters, git, sudo and the runner themselves obey. */
const steersPrograms = [
  ...['NODE_*', 'NPM_CONFIG_*', 'GIT_*', 'GITHUB_*', 'RUNNER_*', 'ACTIONS_*', 'INPUT_*', 'STATE_*', 'SLIPWAY_*'],
  ...[
    'HOME',
    'SHELL',
    'SHELLOPTS',
    'BASHOPTS',
    'BASH_FUNC_*',
    'CDPATH',
    'GLOBIGNORE',
    'PS4',
    'PROMPT_COMMAND',
    'ZDOTDIR',
  ],
  ...[
    'PWD',
    'OLDPWD',
    'TMPDIR',
    'TMP',
    'TEMP',
    'XDG_*',
    'EDITOR',
    'VISUAL',
    'PAGER',
    'BROWSER',
    'LESSOPEN',
    'LESSCLOSE',
  ],
  ...[
    'PYTHONPATH',
    'PYTHONHOME',
    'PYTHONSTARTUP',
    'PYTHONINSPECT',
    'PYTHONWARNINGS',
    'PERL5LIB',
    'PERL5OPT',
    'PERLLIB',
  ],
  ...[
    'RUBYOPT',
    'RUBYLIB',
    'GEM_HOME',
    'GEM_PATH',
    'BUNDLE_GEMFILE',
    'JAVA_TOOL_OPTIONS',
    '_JAVA_OPTIONS',
    'CLASSPATH',
  ],
  ...[
    'JDK_JAVA_OPTIONS',
    'PHPRC',
    'PHP_INI_SCAN_DIR',
    'MAKEFLAGS',
    'GCONV_PATH',
    'LOCPATH',
    'NLSPATH',
    'GLIBC_TUNABLES',
  ],
  ...[
    'OPENSSL_CONF',
    'SSL_CERT_FILE',
    'SSL_CERT_DIR',
    'CURL_HOME',
    'SSH_ASKPASS',
    'SUDO_ASKPASS',
    'PATHEXT',
    'COMSPEC',
  ],
];

/** Why a secret must not have this name there; `undefined` where it may. */
export function nameProblem(name: string, target: NameTarget): string | undefined {
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name)) return 'is not made of letters, digits and `_`';
  if (target === 'file') return among(startsPrograms, name) ? 'decides how programs are found or started' : undefined;
  // Windows knows no case in these names, and neither do some readers of them.
  const known = [...startsPrograms, ...steersPrograms];
  return among(known, name.toUpperCase()) ? 'is obeyed by shells, interpreters or the runner' : undefined;
}

/** @throws Failure `SECRET_NAME_REFUSED` with every name that must not stand there */
export function checkNames(names: Iterable<string>, target: NameTarget): void {
  const where = target === 'environment' ? 'an environment' : 'a delivered file';
  const problems = [...names].flatMap((name) => {
    const problem = nameProblem(name, target);
    const shown = JSON.stringify(name.slice(0, 80));
    return problem === undefined
      ? []
      : [new Failure('SECRET_NAME_REFUSED', `The name ${shown} ${problem}, so no secret has it in ${where}.`)];
  });
  if (problems.length > 0)
    throw together('SECRET_NAME_REFUSED', `${problems.length} names of secrets are refused.`, problems);
}

function among(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));
}
