/** What a person wrote of docs/configuration.md; the tables are made from the schema and the lifecycle. */

export const introduction = `# The configuration

<!-- Made by scripts/configuration-docs.ts from the schema that reads the file. -->

One file, \`.github/slipway.yml\`, says where a project is deployed and how. It is reviewed like code. What differs between two runs of the same commit – the stage, the servers, a reason – is an input of the action instead.

## The smallest file that works

\`\`\`yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/OWNER/slipway/v1/schema/slipway.schema.json
application: shop
deploy_to: /srv/shop
linked_dirs: [log, tmp/pids, storage]
linked_files: [.env]
stages:
  production:
    servers:
      - {host: web1.example.com, user: deploy, roles: [web]}
      - {host: web2.example.com, user: deploy, roles: [web]}
hooks:
  published:
    - {name: restart, run: sudo systemctl restart shop}
health:
  - {http: "http://127.0.0.1:3000/up"}
\`\`\`

The host keys of the servers are in \`.github/known_hosts\`, or in the input \`known-hosts\`. The first line is for editors: with the JSON Schema of Slipway’s repository they complete keys and mark mistakes. Slipway works the same without it.

## Rules of the file

- It is YAML 1.2, one document of at most 1 MiB. \`yes\`, \`on\` and \`off\` are text, \`true\` and \`false\` are not. No key may be repeated, and there are no tags.
- Nothing in it is code, and nothing is substituted: no ERB, no \`$( )\`, no \`\${{ }}\`. Commands of hooks and health checks are handed to \`sh\` on the server as they stand.
- An unknown key is an error that names the line, the column and the known key that is most like it. A key of a later version is an error too: it is never ignored.
- Keys that begin with \`x-\` are free, at every level. They are the place for anchors: \`x-web: &web {user: deploy, roles: [web]}\`, and then \`- {<<: *web, host: web1.example.com}\`.
- **A stage may hold every key of the file** but \`application\` and \`stages\`. Where both have a key, maps merge one level deep, and anything else in the stage replaces what the file says. A list of the file can be edited instead: \`linked_dirs: {append: [public/uploads], remove: [log]}\`. Lists of maps, such as hooks, lose entries by their \`name\`, those of \`deliver\` by \`to\`. A stage that names its own \`git\`, \`path\` or \`archive\` under \`artifact\` replaces the file's choice.
- All mistakes of the file, and of the stage that is used, are reported together. Other stages are read too, but how their servers, roles and hooks fit together is checked when they are used.

| value | written as |
|---|---|
| duration | \`200ms\`, \`3s\`, \`10m\`, \`1h\`, \`90d\` |
| size | \`500MB\`, \`1GB\` (also \`KB\`, \`TB\`), by thousands |
| share | \`25%\` of the servers of the stage, rounded up, or a count: \`3\` |
| pattern of paths | \`*\` and \`?\` stay within one part of a path, \`**\` crosses parts, \`[abc]\` is one of these: \`db/migrate/**\`; in place of \`{a,b}\` stand two patterns |
| name, role, label, stage | letters, digits, \`.\`, \`_\` and \`-\`, beginning with none of \`.\` and \`-\` |
| path inside the release or the workspace | relative, without empty, \`.\` or \`..\` parts; no \`/\` at the end of linked ones |
| text | in quotes where YAML would read it as something else: \`PORT: "3000"\` |

\`{stage}\`, \`{revision}\` and \`{release}\` are the only placeholders, and they stand only where a key says so: \`{revision}\` in \`expect.body_contains\` of a health check, \`{stage}\` in \`secrets\` and in \`stores\` (not in addresses and headers). Anywhere else they are an error. Hooks have \`$SLIPWAY_STAGE\`, \`$SLIPWAY_REVISION\` and \`$SLIPWAY_RELEASE\` instead.`;

export const allKeysText = 'Keys whose value is a map have a chapter of their own below.';

export const stagesText =
  'Each key is the name of a stage, which the input `stage` chooses; where the file has one stage only, the input may be left out. Besides all keys of the file, a stage has its servers (required) and its environment:';

export const serversText =
  'Each entry of `servers` is one server, or several that share a pattern: `web[01:12].example.com` is `web01` to `web12` (zeros in front are kept), `db[a:c]` is `dba`, `dbb`, `dbc`. A stage has at most 1000 servers, one of them at least with a release. A user and a `deploy_to` must come from somewhere: from the server, or from the stage or the file. An IPv6 address stands without brackets.';

export const selectionText =
  'The inputs `hosts` and `roles` choose some of these servers for one run. Both take names divided by commas or line breaks, with `*` and `?`; `!` in front leaves out: `hosts: "web*, !web03.example.com"`. `hosts` looks at names and hosts. A name that fits nothing is an error, so that a misspelt one does not quietly deploy elsewhere.';

export const storesText =
  'Each key is the name of a store, which references begin with: `main://kv/app#url`. The store `env` is there already: `env://NAME` is a variable of the step. Certificates (`ca`, `cert`) are files of the repository, credentials are references to another store. Addresses are `https://`, or `http://` on loopback.';

export const secretsText =
  'Each key is the name that a secret is used by, its value a reference: `store://locator[?version=…|stage=…][#selector]`. The selector is the name of a field, taken literally, or a JSON pointer that begins with `/`. A locator that ends in `/**` names every secret below it; `NAME_*` as the key then puts `NAME_` in front of their names, and takes every field of a single one. In place of the reference alone stands a map where more is to be said:';

export const deliverText = 'Each entry is one file that is written on the servers:';

export const hooksText =
  'Each hook point holds a list of commands, run in order. A command that fails stops the deploy; before the switch nothing has changed for users then, after it the servers are reverted.';

export const hookText = 'The keys of one hook:';

export const hookEnvironmentText =
  'Commands run under `sh` with `set -eu`, each as a process of its own, with nothing on its input. They have `default_env` and `SLIPWAY_STAGE`, `SLIPWAY_RELEASE`, `SLIPWAY_RELEASE_PATH`, `SLIPWAY_PREVIOUS_RELEASE`, `SLIPWAY_REVISION`, `SLIPWAY_SERVER`, `SLIPWAY_ROLES`, `SLIPWAY_LABELS`. A role that no server of any stage has is an error; one that only another stage has is none, and the hook runs nowhere in this stage. A hook that fails in `finishing` or later reverts nothing: the release is live, and the run is red. What a command on the runner leaves in the background is ended when the command has ended; on a server it keeps running, and is reported if it keeps the output open.';

export const healthText =
  'Each check runs on every server after its switch, until it is healthy or its deadline has passed. A wrong answer reverts the servers. A check that could not be run at all reverts nothing, and fails the run.';

export const messagesText = `## Reading a message

\`\`\`
.github/slipway.yml:12:5: strategy.unreachable_allowed: expected a count from 0, or a share from 0% to 50%, found "80%"
\`\`\`

File, line and column, the key, what is wrong. \`CONFIG_INVALID\` is a mistake, \`REFERENCE_INVALID\` a mistake in a reference, \`SECRET_NAME_REFUSED\` a name that would steer programs, \`NOT_YET\` a key or a value that belongs to a later version, \`STAGE_UNKNOWN\` an input \`stage\` that the file does not have, \`CONFIG_FOREIGN\` the file of another tool.`;
