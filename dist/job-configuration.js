"use strict";
exports.id = 860;
exports.ids = [860];
exports.modules = {

/***/ 8860:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  readSecrets: () => (/* binding */ readSecrets),
  readTrusted: () => (/* binding */ readTrusted)
});

// UNUSED EXPORTS: readDocument

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/domain/failure.js
var domain_failure = __webpack_require__(7762);
;// CONCATENATED MODULE: ./build/domain/config/hosts.js

/** The most hosts that one pattern, or one stage, may name. */
const mostServers = 1000;
/** `web[01:12].example.com` → web01.example.com … web12.example.com; `[a:f]` too, and several ranges in one pattern. */
function expandHost(pattern) {
    let hosts = [''];
    for (const part of pattern.split(/(\[[^[\]]*\])/)) {
        const expansion = part.startsWith('[') ? expandRange(part) : { kind: 'hosts', hosts: [part] };
        if (expansion.kind === 'wrong')
            return expansion;
        if (hosts.length * expansion.hosts.length > mostServers)
            return { kind: 'wrong', because: `a pattern may name at most ${mostServers} hosts` };
        hosts = hosts.flatMap((start) => expansion.hosts.map((end) => start + end));
    }
    const because = hosts.map(whyNoHost).find((why) => why !== undefined);
    return because === undefined ? { kind: 'hosts', hosts } : { kind: 'wrong', because };
}
function whyNoHost(host) {
    if (/^[\w.-]+:\d+$/.test(host))
        return 'a port does not stand behind the host: it has a key of its own, "port"';
    return isHost(host)
        ? undefined
        : 'a host is made of letters, digits, ".", "_", ":" and "-", and does not begin with "-"';
}
/** A name or an address that is safe as an argument: no leading dash, no spaces, no characters special to a shell. */
function isHost(text) {
    return /^[A-Za-z0-9._:][A-Za-z0-9._:-]{0,252}$/.test(text);
}
/** The label of each server: its name, else its host, else host:port where a host comes twice. */
function serverNames(servers) {
    const unnamed = servers.filter((server) => server.name === undefined).map((server) => server.host);
    const twice = new Set(unnamed.filter((host, index) => unnamed.indexOf(host) !== index));
    return servers.map((server) => server.name ?? (twice.has(server.host) ? `${server.host}:${server.port}` : server.host));
}
/**
 * The servers that the inputs `hosts` and `roles` leave, in the order of the configuration. Both are lists of globs
 * (`*`, `?`) divided by commas or
 * line breaks; `!` in front excludes; an empty text selects everything. A glob that matches nothing is a `NO_SERVERS`,
 * even beside others that do:
 * it is probably misspelt, and a misspelt exclusion would deploy to a server that was to be left out.
 */
function selectServers(servers, filter) {
    const byHost = narrow(servers, {
        input: 'hosts',
        globs: filter.hosts,
        words: (server) => [server.name, server.host],
    });
    const byRole = narrow(servers, { input: 'roles', globs: filter.roles, words: (server) => server.roles });
    const left = servers.filter((server) => byHost.has(server) && byRole.has(server));
    if (!left.some((server) => server.release === 'release')) {
        const what = left.length === 0 ? 'leave no server' : 'leave only servers without a release';
        throw new domain_failure/* Failure */.HR('NO_SERVERS', `The inputs hosts and roles ${what}. ${whatThereIs('hosts', namesOf(servers))}`);
    }
    return left;
}
function narrow(servers, { input, globs, words }) {
    const patterns = globs
        .split(/[,\r\n]/)
        .map((glob) => glob.trim())
        .filter((glob) => glob !== '');
    const fitting = (pattern) => {
        const glob = pattern.replace(/^!\s*/, '');
        const found = servers.filter((server) => words(server).some((word) => fits(glob, word)));
        if (found.length > 0)
            return found;
        throw new domain_failure/* Failure */.HR('NO_SERVERS', `Nothing fits ${JSON.stringify(pattern)} in the input ${input}. ${whatThereIs(input, servers.flatMap(words))}`);
    };
    const [excluding, including] = [
        patterns.filter((pattern) => pattern.startsWith('!')),
        patterns.filter((pattern) => !pattern.startsWith('!')),
    ];
    const excluded = new Set(excluding.flatMap(fitting));
    const included = including.length === 0 ? servers : including.flatMap(fitting);
    return new Set(included.filter((server) => !excluded.has(server)));
}
/** Walks both texts once and steps back only to the last `*`, so that no pattern makes it slow. */
function fits(glob, word) {
    let [at, star, mark] = [0, -1, 0];
    for (let index = 0; index < word.length;) {
        if (glob[at] === '*')
            [star, mark, at] = [at, index, at + 1];
        else if (at < glob.length && (glob[at] === '?' || glob[at] === word[index]))
            [at, index] = [at + 1, index + 1];
        else if (star >= 0)
            [at, mark, index] = [star + 1, mark + 1, mark + 1];
        else
            return false;
    }
    return /^\**$/.test(glob.slice(at));
}
function whatThereIs(input, words) {
    const known = [...new Set(words)];
    const more = known.length > 20 ? ` and ${known.length - 20} more` : '';
    return known.length === 0
        ? `No server of this stage has ${input}.`
        : `There is: ${known.slice(0, 20).join(', ')}${more}.`;
}
function namesOf(servers) {
    return servers.map((server) => server.name);
}
function expandRange(range) {
    const [, first, last] = /^\[(\d{1,9}):(\d{1,9})\]$/.exec(range) ?? [];
    if (first !== undefined && last !== undefined) {
        const width = first.startsWith('0') ? first.length : 1;
        return count(Number(first), Number(last), (value) => String(value).padStart(width, '0'));
    }
    const [, from, to] = /^\[([a-z]):([a-z])\]$/.exec(range) ?? /^\[([A-Z]):([A-Z])\]$/.exec(range) ?? [];
    if (from === undefined || to === undefined)
        return {
            kind: 'wrong',
            because: `${JSON.stringify(range)} is not a range such as [01:12] or [a:f] (an IPv6 address stands without brackets)`,
        };
    return count(from.charCodeAt(0), to.charCodeAt(0), (value) => String.fromCharCode(value));
}
function count(first, last, name) {
    if (last < first)
        return { kind: 'wrong', because: 'a range begins with its lower end' };
    if (last - first >= mostServers)
        return { kind: 'wrong', because: `a pattern may name at most ${mostServers} hosts` };
    return { kind: 'hosts', hosts: Array.from({ length: last - first + 1 }, (_, index) => name(first + index)) };
}

// EXTERNAL MODULE: ./build/domain/text/nearest.js
var nearest = __webpack_require__(20);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(9691);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(8532);
// EXTERNAL MODULE: ./build/domain/text/measures.js
var measures = __webpack_require__(65);
;// CONCATENATED MODULE: ./build/domain/config/schema/shown.js
/** What would break a line, hide itself or turn the direction of a text; the source of a character class. */
const unprintable = '\\u0000-\\u001f\\u007f-\\u009f\\u200b-\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ufeff';
/** A value of the file as a message may show it: short, on one line, nothing in it that a terminal or a log obeys. */
function shown(value) {
    if (value === undefined || value === null)
        return 'nothing';
    if (Array.isArray(value))
        return 'a list';
    if (typeof value === 'object')
        return 'a map';
    return typeof value === 'string' ? quoted(value) : String(value);
}
function quoted(text) {
    const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
    const spelled = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    return JSON.stringify(short).replace(new RegExp(`[${unprintable}]`, 'g'), spelled);
}
/** `stages.production.servers[0].host` */
function dotted(path) {
    return path
        .map((part, index) => typeof part === 'number'
        ? `[${part}]`
        : `${index === 0 ? '' : '.'}${/^[\w-]+$/.test(part) ? part : quoted(part)}`)
        .join('');
}

;// CONCATENATED MODULE: ./build/domain/config/schema/vocabulary.js




/** zod compiles a parser for each map that it reads; of a map that is read once, this takes longer than to read it. */
const readOnce = { jitless: true };
/**
 * The words that the schema of the configuration is written in. Each leaf says what it expected and what it found;
 * `type` is that expectation once
 * more, for the docs. Transformed leaves are written as text in the file and read as numbers.
 */
function expecting(expected) {
    return {
        error: ({ input }) => input === undefined ? `is missing: expected ${expected}` : `expected ${expected}, found ${shown(input)}`,
    };
}
/** `accepts` for what no pattern can say. */
function vocabulary_text(expected, pattern, longest = 1000, accepts = () => true) {
    const plain = expecting(expected);
    const unquoted = (input) => typeof input === 'number' || typeof input === 'boolean' ? ': put it in quotes' : '';
    const error = (issue) => plain.error(issue) + unquoted(issue.input);
    return schemas/* string */.YjP({ error })
        .max(longest, { error })
        .regex(pattern, { error })
        .refine(accepts, { error })
        .meta({ written: expected.replace(/(?:: |, (?:without|on) | of letters, ).*$/, '') });
}
function flag() {
    return schemas/* boolean */.zMY(expecting('true or false')).meta({ written: 'true or false' });
}
function choice(values) {
    const expected = values.map(quoted).join(' or ');
    return schemas/* enum */.k5n(values, expecting(expected)).meta({ written: values.map((value) => `\`${value}\``).join(' or ') });
}
/** The word that tells one form of a map from the others. */
function only(value) {
    return schemas/* literal */.euz(value, expecting(quoted(value))).meta({ written: `\`${value}\`` });
}
/** Maps that are told apart by the word at `key`. */
function variants(key, forms) {
    const words = forms.map((form) => quoted([...(form._zod.propValues?.[key] ?? [])].join()));
    return schemas/* discriminatedUnion */.gMt(key, forms, {
        error: ({ input, code }) => code === 'invalid_union' && typeof input === 'object' && input !== null
            ? `expected ${words.join(' or ')} as "${key}", found ${shown(input[key])}`
            : expecting('a map').error({ input }),
    });
}
function whole(least, most) {
    const error = expecting(`a whole number from ${least} to ${most}`);
    return schemas/* number */.aig(error)
        .int(error)
        .min(least, error)
        .max(most, error)
        .meta({ written: `number, ${least} to ${most}` });
}
/** Milliseconds once read. */
function duration(least, most) {
    return measure({
        what: 'a duration such as "10m"',
        least,
        most,
        pattern: /^\d+(?:ms|s|m|h|d)$/,
        parse: measures/* parseDuration */.E9,
    });
}
/** Bytes once read. */
function size(least, most) {
    return measure({ what: 'a size such as "500MB"', least, most, pattern: /^\d+(?:KB|MB|GB|TB)$/, parse: measures/* parseSize */.DB });
}
function measure({ what, least, most, pattern, parse }) {
    const expected = `${what}, from ${least} to ${most}`;
    const error = expecting(expected);
    const inside = (value) => value >= (parse(least) ?? 0) && value <= (parse(most) ?? 0);
    return schemas/* string */.YjP(error)
        .regex(pattern, error)
        .transform((input, context) => {
        const value = parse(input);
        if (value !== undefined && inside(value))
            return value;
        context.addIssue({ code: 'custom', message: error.error({ input }) });
        return core/* NEVER */.tm;
    })
        .meta({ written: `${what.replace(/^a | such.*$/g, '')}, ${least} to ${most}` });
}
/** A count of at least `least`, or a percentage up to `most`. */
function share(least, most) {
    const error = expecting(`a count from ${least}, or a share from ${least}% to ${most}%`);
    const fits = (read) => read.kind === 'count' ? read.count >= least : read.percent >= least && read.percent <= most;
    return schemas/* union */.KCZ([schemas/* number */.aig(error).int(error).min(least, error).max(999_999, error), schemas/* string */.YjP(error).regex(/^\d{1,3}%$/, error)], error)
        .transform((input, context) => {
        const read = (0,measures/* parseShare */.n8)(input);
        if (read !== undefined && fits(read))
            return read;
        context.addIssue({ code: 'custom', message: error.error({ input }) });
        return core/* NEVER */.tm;
    })
        .meta({ written: `count, or ${least}% to ${most}%` });
}
function list(item, most = 200) {
    return schemas/* array */.YOg(item, expecting('a list')).max(most, { error: `has more than ${most} entries` });
}
/** A map whose keys are all known; each unknown one gives one line of the message, in the order of `issue.keys`. */
function map(shape) {
    const plain = expecting('a map');
    return schemas/* strictObject */.rej(shape, {
        error: (issue) => issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys, Object.keys(shape)) : plain.error(issue),
    });
}
/** A map whose keys are the user's own. */
function dictionary(key, value) {
    return schemas/* record */.g1P(key, value, expecting('a map'));
}
/** Either of two forms that differ in kind (a list or a map, say). */
function either(one, other, expected) {
    return schemas/* union */.KCZ([one, other], expecting(expected));
}
/** The schema without its default and without being optional. */
function bare(schema) {
    return schema instanceof schemas/* ZodOptional */.IiU || schema instanceof schemas/* ZodPrefault */.xgV ? bare(schema.unwrap()) : schema;
}
/** What a list holds; `undefined` when it is no list. */
function elementOf(schema) {
    const inner = bare(schema);
    return inner instanceof schemas/* ZodArray */.naA ? inner.element : undefined;
}
/** The keys of a map; `undefined` when it is no map with known keys. */
function shapeOf(schema) {
    const inner = bare(schema);
    return inner instanceof schemas/* ZodObject */.bvH ? inner.shape : undefined;
}
/** A key that is known and whose feature does not exist yet. */
function later() {
    return schemas/* unknown */.L5J()
        .refine((value) => value === undefined, { error: 'belongs to a later version of Slipway', params: notYet.params })
        .optional()
        .meta({ later: true });
}
/** For a value of a known key that does not exist yet. */
const notYet = {
    error: ({ input }) => `${shown(input)} belongs to a later version of Slipway`,
    params: { later: true },
};
function unknownKeys(keys, known) {
    const advice = (key) => {
        const near = (0,nearest/* nearest */.p)(key, known);
        if (near !== undefined)
            return `did you mean ${quoted(near)}?`;
        return known.length > 12
            ? 'docs/configuration.md lists all that are known here'
            : `known here: ${known.join(', ')}`;
    };
    return keys
        .slice(0, 50)
        .map((key) => `unknown key; ${advice(key)}`)
        .join('\n');
}

;// CONCATENATED MODULE: ./build/domain/config/schema/edits.js

/** The form that a key has in a stage: its lists, and those of its map, may also be `{append: […], remove: […]}`. */
function editable(schema) {
    const shape = shapeOf(schema);
    return shape === undefined
        ? editableList(schema)
        : map(Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, editableList(inner)])))
            .optional()
            .meta(schema.meta() ?? {});
}
function editableList(schema) {
    const element = elementOf(schema);
    if (element === undefined)
        return schema;
    const edits = map({
        append: list(element).optional().describe('Put behind the list of the file.'),
        remove: list(vocabulary_text('text', /^/))
            .optional()
            .describe('Taken out of the list of the file: by value, or by `name` where it holds maps (`to` in `deliver`).'),
    });
    return either(bare(schema), edits, 'a list, or a map of "append" and "remove"')
        .optional()
        .meta(schema.meta() ?? {});
}
/** Whether a value of a stage edits a list in place of replacing it. */
function isEdits(value) {
    const entries = isMap(value) ? Object.entries(value) : [];
    return (entries.length > 0 && entries.every(([key, list]) => (key === 'append' || key === 'remove') && Array.isArray(list)));
}
function isMap(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: ./build/domain/config/schema/store-words.js

/** The kinds of text that stores are configured with. `{stage}` may stand in those that say so. */
const storeName = () => vocabulary_text('the name of a store: letters, digits, "_" and "-", and not "env", which is there already', /^(?!env$)[A-Za-z][A-Za-z0-9_-]*$/, 64);
const endpoint = () => vocabulary_text('an address that begins with https:// (http:// on loopback only), without user, password, "?" and "#"', /^https?:\/\/[^\s?#]+$/i, 2000, isEndpoint);
const audience = () => vocabulary_text('an audience, without white space', /^\S+$/, 500);
const mount = () => vocabulary_text('the path of a mount, without "/" at its ends', /^[^/\s]+(?:\/[^/\s]+)*$/, 200);
const region = () => vocabulary_text('a region such as eu-west-1', /^[a-z]{2}(?:-[a-z]+)+-\d$/, 50);
const roleArn = () => vocabulary_text('the ARN of a role', /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, 500);
const vaultName = () => vocabulary_text('the name of a Key Vault: letters, digits and "-"', /^(?:[A-Za-z0-9-]|\{stage\})+$/, 60);
const tenant = () => vocabulary_text('the id or the domain of a tenant', /^[A-Za-z0-9.-]+$/, 253);
const client = () => vocabulary_text('the id of an application', /^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/, 36);
const project = () => vocabulary_text('the id of a project', /^(?:[a-z0-9:.-]|\{stage\})+$/, 200);
const provider = () => vocabulary_text('a provider as projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/NAME', /^projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/\s]+\/providers\/[^/\s]+$/, 500);
const serviceAccount = () => vocabulary_text('the address of a service account', /^(?:[A-Za-z0-9.-]|\{stage\})+@[A-Za-z0-9.-]+$/, 300);
const store_words_location = () => vocabulary_text('a location such as europe-west3', /^[a-z0-9-]+$/, 50);
const commandWord = () => vocabulary_text('a word of a command', /^[^\0\r\n]+$/, 1000);
const secretName = () => vocabulary_text('the name of a secret: letters, digits and "_"', /^[A-Za-z_][A-Za-z0-9_]*$/, 200);
const secretNames = () => vocabulary_text('a name of letters, digits and "_", or "NAME_*" for many', /^(?:[A-Za-z_][A-Za-z0-9_]*\*?|\*)$/, 201);
const secretGlob = () => vocabulary_text('the name of a secret, in which "*" stands for any characters', /^[A-Za-z_*][A-Za-z0-9_*]*$/, 200);
/** The same that `env://` reads. */
const variable = () => vocabulary_text('the name of a variable, in capitals, that is none of the runner’s (INPUT_, STATE_, ACTIONS_, GITHUB_, RUNNER_)', /^(?!(?:INPUT|STATE|ACTIONS|GITHUB|RUNNER)_)[A-Z_][A-Z0-9_]*$/, 200);
const fileMode = () => vocabulary_text('a mode such as "0600" or "0640", which gives others nothing', /^0[46][046]0$/);
function isEndpoint(value) {
    const url = URL.parse(value);
    if (url === null || url.username !== '' || url.password !== '')
        return false;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}
function isLoopback(host) {
    return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

// EXTERNAL MODULE: ./build/domain/globs/path-globs.js
var path_globs = __webpack_require__(691);
;// CONCATENATED MODULE: ./build/domain/config/schema/jumps.js

/** `ops@bastion.example.com:22, [2001:db8::1]:2222` as OpenSSH writes jumps; `undefined` when one of them is none. */
function parseJumps(text) {
    const jumps = text.split(',').map((part) => parseJump(part.trim()));
    return jumps.every((jump) => jump !== undefined) ? jumps : undefined;
}
function parseJump(text) {
    const [, user, bracketed, plain, digits = '22'] = /^(?:([A-Za-z_][A-Za-z0-9_.-]*\$?)@)?(?:\[([0-9A-Fa-f:.]+)\]|([^:@[\]]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
    const [host, port] = [bracketed ?? plain ?? '', Number(digits)];
    return isHost(host) && port >= 1 && port <= 65_535 ? { user, host, port } : undefined;
}

;// CONCATENATED MODULE: ./build/domain/config/schema/value-types.js




/**
 * The kinds of text in the configuration. Their patterns are used in the JSON Schema too, so they keep to what most
 * dialects know.
 */
const part = `(?!\\.{1,2}(?:/|$))[^/${unprintable}]{1,255}`;
const plainName = (what, longest) => vocabulary_text(`${what} of letters, digits, ".", "_" and "-"`, /^[A-Za-z0-9_][A-Za-z0-9._-]*$/, longest);
const application = () => plainName('a name', 100);
const stageName = () => plainName('a stage name', 100);
const isStageName = (name) => stageName().safeParse(name).success;
const role = () => plainName('a role', 64);
const label = () => plainName('a label', 64);
const serverName = () => plainName('a name', 100);
const environment = () => vocabulary_text('the name of a GitHub environment', new RegExp(`^(?! )[^${unprintable}]+(?<! )$`), 255);
const line = () => vocabulary_text('text on one line', new RegExp(`^(?! )[^${unprintable}]+(?<! )$`), 200);
const user = () => vocabulary_text('a user name', /^[A-Za-z_][A-Za-z0-9_.-]*\$?$/, 64);
const hostPattern = () => vocabulary_text('a host, an address or a pattern such as web[01:12].example.com', /^[A-Za-z0-9._:[][A-Za-z0-9._:[\]-]*$/, 253);
const absolutePath = () => vocabulary_text('an absolute path below "/", without empty, "." or ".." parts', new RegExp(`^(?:/${part})+/?$`));
const releasePath = () => vocabulary_text('a path inside the release: relative, without a "/" at its end, without empty, "." or ".." parts', new RegExp(`^${part}(?:/${part})*$`));
const workspacePath = () => vocabulary_text('a path inside the workspace: relative, without empty, "." or ".." parts', new RegExp(`^${part}(?:/${part})*/?$`));
/** Other tools know `{a,b}`; here it would name one path with braces, and a migration would silently not run. */
const glob = () => vocabulary_text('a pattern of paths inside the release, without "!" in front, ".." parts, "{a,b}" or a range that falls', new RegExp(`^(?![/!])(?!(?:.*/)?\\.\\.(?:/|$))(?!.*\\{[^{}]*,)[^${unprintable}]+$`), 1000, path_globs/* hasSoundClasses */.s_);
const environmentName = () => vocabulary_text('a name of letters, digits and "_" that does not begin with SLIPWAY_', /^(?!SLIPWAY_)[A-Za-z_][A-Za-z0-9_]*$/, 200);
const environmentValue = () => vocabulary_text('text', /^[^\0]*$/, 10_000);
const headerName = () => vocabulary_text('the name of a header', /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 100);
/** Only what HTTP carries: a probe with anything else could never be asked. */
const headerValue = () => vocabulary_text('the value of a header, on one line, of characters up to U+00FF', /^(?! )[\t\u0020-\u007e\u00a0-\u00ff]*(?<! )$/, 4000);
const command = () => vocabulary_text('a command for sh', /\S/, 10_000);
const sought = () => vocabulary_text('text to look for', /^[^\0]+$/);
const archivePath = () => vocabulary_text('a path inside the workspace that ends in .tar, .tar.gz or .tgz', new RegExp(`^(?=.*\\.(?:tar|tar\\.gz|tgz|tar\\.zst)$)${part}(?:/${part})*$`));
const jumps = () => vocabulary_text('bastions such as "ops@bastion.example.com:22", comma separated', /^[^,\s]+(?:,\s*[^,\s]+)*$/, 500, (value) => parseJumps(value) !== undefined);

;// CONCATENATED MODULE: ./build/domain/config/schema/deliver.js



/** One file that is made of secrets on the servers. */
const delivered = map({
    to: releasePath().describe('Where: `shared/…` is one file for all releases, put back when a deploy is; any other path is inside the release, and comes and goes with it.'),
    format: choice(['dotenv', 'json', 'docker', 'systemd', 'shell'])
        .prefault('dotenv')
        .describe('How it is written: dotenv, JSON, an env file of docker or of systemd, or one for a shell.'),
    mode: fileMode().prefault('0600').describe('Its permission bits.'),
    group: user().optional().describe('Its group, one of the groups of the user that writes it.'),
    secrets: list(secretGlob())
        .min(1, { error: 'expected at least one secret' })
        .describe('Names of secrets; `*` stands for any characters.'),
    roles: list(role())
        .prefault([])
        .describe('Only on servers with one of these roles; without it, on every server that has a release.'),
    allow_targets: list(absolutePath()).prefault([]).describe('Where a link at its place may lead, besides `shared/`.'),
}).refine(({ to }) => to !== 'shared', { path: ['to'], error: 'names a directory: write a file below it' });
const deliver = list(delivered, 50);

;// CONCATENATED MODULE: ./build/domain/config/schema/health.js


const url = vocabulary_text('a URL that begins with http:// or https://, without user or password', /^https?:\/\/[^\s]+$/i, 2000, isUrl);
const expectation = map({
    status: whole(100, 599).prefault(200).describe('The status of the answer; redirects are not followed.'),
    body_contains: sought()
        .optional()
        .describe('Text that the body of the answer holds. `{revision}` stands for the commit that is deployed.'),
});
/** One health check: a request, or a command. */
const probe = map({
    name: line()
        .optional()
        .describe('What it is called in the log and the summary; without one, the URL or the first line of the command.'),
    http: url.optional().describe('A GET request to this URL. Exactly one of `http` and `run`.'),
    run: command().optional().describe('A command on the server, run in `current`: healthy when it exits with 0.'),
    from: choice(['server', 'runner'])
        .optional()
        .describe('Who asks: the server itself (through the SSH connection, so `127.0.0.1` is the server), which is the default, or the runner.'),
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
        .describe('So many good answers in a row make it healthy. Ask for more where the application can die soon after its start.'),
    deadline: duration('1s', '1d')
        .prefault('60s')
        .describe('From its first question, which comes after the hooks `published` and the checks before it. All checks of one server together have `strategy.host_deadline`: raise that, too, for more.'),
}).superRefine((value, context) => {
    const complain = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
    if ((value.http === undefined) === (value.run === undefined))
        complain([], 'expected exactly one of "http" and "run"');
    for (const key of ['from', 'headers', 'expect']) {
        if (value.run !== undefined && value[key] !== undefined)
            complain([key], 'belongs to "http", not to "run"');
    }
    const least = (value.healthy_after - 1) * value.interval;
    if (least >= value.deadline)
        complain(['deadline'], `"healthy_after" and "interval" need more than ${least / 1000} s, so this cannot be met`);
});
const health = list(probe, 50);
function isUrl(value) {
    const read = URL.parse(value);
    return read !== null && ['http:', 'https:'].includes(read.protocol) && read.username === '' && read.password === '';
}

// EXTERNAL MODULE: ./build/domain/hooks/lifecycle.js
var lifecycle = __webpack_require__(5487);
;// CONCATENATED MODULE: ./build/domain/config/schema/hooks.js




const when = map({
    changed: list(glob())
        .min(1, { error: 'expected at least one pattern' })
        .describe('Patterns of paths. The artefact is compared with the release that is live; where that has no manifest, everything counts as changed.'),
});
/** A command of the project at a hook point. */
const hook = map({
    name: line().optional().describe('What it is called in the log; without one, the first line of the command.'),
    run: command()
        .optional()
        .describe('A command for the servers, run by `sh` with `set -eu`. Exactly one of `run` and `local`.'),
    local: command()
        .optional()
        .describe('A command for the runner, run in the workspace. Not at the points of a rollback.'),
    roles: list(role())
        .prefault([])
        .describe('Only on servers with one of these roles, servers with `no_release` among them; without it, on every server that has a release.'),
    once: flag()
        .prefault(false)
        .describe('On one server only: the first of the hook’s servers that has a release, `primary: true` first.'),
    when: when
        .optional()
        .describe('Only when one of the named paths changed; a local hook, when it did on any server. Not before `updating`: nothing is compared yet.'),
    max_parallel: whole(1, 1000)
        .optional()
        .describe('On so many servers at the same time; without it, `strategy.max_parallel`.'),
    secrets: list(secretName()).prefault([]).describe('Secrets in the environment of this command alone, by name.'),
    reversible: flag()
        .prefault(true)
        .describe('`false`: what it does cannot be undone, so a rollback past this release needs `accept-migrations`.'),
    timeout: duration('1s', '1d').optional().describe('How long it may take; without it, `limits.command_timeout`.'),
}).superRefine((value, context) => {
    const complain = (path, message) => context.addIssue({ code: 'custom', path: [...path], message });
    if ((value.run === undefined) === (value.local === undefined))
        complain([], 'expected exactly one of "run" and "local"');
    if (value.once && value.max_parallel !== undefined)
        complain(['max_parallel'], 'contradicts "once": that is one server only');
    if (value.local === undefined)
        return;
    if (value.roles.length > 0)
        complain(['roles'], 'a local hook runs on the runner: it has no roles');
    if (value.once)
        complain(['once'], 'a local hook runs once, on the runner: leave this out');
    if (value.max_parallel !== undefined)
        complain(['max_parallel'], 'a local hook runs on the runner: leave this out');
});
const remote = hook.refine((value) => value.local === undefined, {
    path: ['local'],
    error: 'a rollback has no workspace: use "run" here',
});
const needRemote = (0,lifecycle/* pointsWhere */.LR)(({ flow }) => flow === 'rollback');
/** What changes is known only once the release is uploaded; before that a condition would be ignored. */
const unconditional = hook.refine((value) => value.when === undefined, {
    path: ['when'],
    error: 'what changes is known only when the release is uploaded: from "updating" on',
});
const tooEarly = (0,lifecycle/* pointsWhere */.LR)(({ flow, directory }) => flow === 'deploy' && directory === 'login directory');
function point(name) {
    return list(needRemote.includes(name) ? remote : tooEarly.includes(name) ? unconditional : hook, 100)
        .prefault([])
        .describe(moment(name));
}
/** `In a rollback, before the link is switched.` */
function moment(name) {
    const { flow, when, place } = lifecycle/* lifecycle */.Bl[name];
    const words = `${flow === 'rollback' ? 'in a rollback, ' : ''}${when}${place === undefined ? '' : `; the place for ${place}`}.`;
    return words.charAt(0).toUpperCase() + words.slice(1);
}
const points = Object.fromEntries(lifecycle/* hookPoints */.VS.map((name) => [name, point(name)]));
const hooks = map(points);

;// CONCATENATED MODULE: ./build/domain/config/schema/policy.js


/**
 * Who must approve what. Rollbacks and gated deploys come later; `rollback` is read and checked already, so that a file
 * that has it stays valid
 * when they come.
 */
const consent = {
    self_approval: flag().prefault(false).describe('`true`: whoever started the run may approve it.'),
    admin_bypass: choice(['forbid', 'allow'])
        .prefault('forbid')
        .describe('Whether administrators may bypass the protection of the environment.'),
};
const rollbackConsent = map({
    approval: flag()
        .prefault(true)
        .describe('An approval by somebody who did not start the run. `false` is for plans of GitHub without reviewers.'),
    ...consent,
});
const afterwards = map({
    quarantine: flag().prefault(true).describe('The release that was rolled back is never chosen again.'),
    hold: choice(['descendants', 'revision', 'off'])
        .prefault('descendants')
        .describe('What deploys refuse afterwards: the bad revision and all that follows it, only itself, or nothing.'),
});
const breakGlass = map({
    environments: list(line())
        .min(1, { error: 'expected at least one environment' })
        .describe('Environments in which `break-glass` works.'),
    ticket: vocabulary_text('a regular expression', /\S/, 500, isExpression)
        .optional()
        .describe('A regular expression that the ticket must fit.'),
});
const rollback = map({
    require: rollbackConsent.optional().describe('What the gate asks for.'),
    events: list(line()).prefault(['workflow_dispatch']).describe('Events that may start a rollback.'),
    allowed_refs: list(line()).prefault(['main']).describe('Branches whose workflow may roll back.'),
    allowed_initiators: list(line())
        .prefault([])
        .describe('Logins that may roll back; empty: everybody who may start the workflow.'),
    secrets: choice(['current', 'as_released'])
        .prefault('current')
        .describe('Which version of its secrets the older release gets.'),
    unreachable_allowed: share(0, 50)
        .prefault('10%')
        .describe('Servers that may be left out because they cannot be reached; a percentage stands for at least one.'),
    added_files: choice(['warn', 'fail'])
        .prefault('warn')
        .describe('What it means when files appeared in a release since it was made.'),
    afterwards: afterwards.optional().describe('What happens to the release that was rolled back.'),
    drill: flag().prefault(false).describe('Whether a rollback may be practised on this stage.'),
    break_glass: breakGlass.optional().describe('Rolling back without an approval.'),
    floor: later().describe('The oldest release that may be chosen.'),
    max_age: later().describe('How old a release that is chosen may be.'),
});
const deployConsent = map({
    approval: flag()
        .refine((value) => !value, notYet)
        .prefault(false)
        .describe('`true`, a deploy behind the gate, comes later.'),
    ...consent,
});
const deploy = map({ require: deployConsent.optional().describe('What the gate asks for.') });
const audit = map({
    required: list(choice(['server']))
        .prefault(['server'])
        .describe('Sinks that must accept the record before anything is changed.'),
    sinks: later().describe('Where records go beside the servers: webhook, syslog, OTLP.'),
});
function isExpression(value) {
    try {
        return new RegExp(value) instanceof RegExp;
    }
    catch {
        return false;
    }
}

// EXTERNAL MODULE: ./build/domain/secrets/reference.js
var secrets_reference = __webpack_require__(8871);
;// CONCATENATED MODULE: ./build/domain/config/schema/references.js


const expected = 'a reference such as "main://kv/app#field"';
/** What stands there is never shown: who mistakes the place writes the secret itself. */
const silent = (what) => ({
    error: ({ input }) => input === undefined ? `is missing: expected ${what}` : `expected ${what}`,
});
/** Where a secret lives. An issue of a fault has the character where it begins, as `params.at`. */
function reference() {
    return schemas/* string */.YjP(silent(expected))
        .transform((input, context) => {
        const parsed = (0,secrets_reference/* parseReference */.F2)(input);
        if (parsed.kind === 'reference')
            return parsed.reference;
        context.addIssue({ code: 'custom', message: parsed.sentence, params: { at: parsed.at } });
        return core/* NEVER */.tm;
    })
        .meta({ written: 'reference' });
}
/** A reference, or a map that holds one. */
function referenceOr(form) {
    return schemas/* union */.KCZ([reference(), form], silent(`${expected}, or a map with "from"`));
}

;// CONCATENATED MODULE: ./build/domain/config/schema/secrets.js



const pin = () => vocabulary_text('a version or stage', /^[^&\s]+$/, 200);
const secrets_form = map({
    from: reference().describe('Where it lives.'),
    version: pin().optional().describe('The version to read, in place of the newest.'),
    stage: pin().optional().describe('The stage of a version, such as `AWSPREVIOUS`.'),
    max_age: duration('1s', '3650d').optional().describe('How old it may be before it counts as stale.'),
    on_stale: choice(['warn', 'fail']).prefault('warn').describe('What it means when it is stale.'),
    mask: flag()
        .prefault(true)
        .describe('`false`: it is not hidden in logs, and the leak guard does not look for it. For values that are public.'),
    fallback: reference().optional().describe('Where it is read when its store is unavailable.'),
    fallback_when: choice(['unavailable', 'unreachable'])
        .optional()
        .describe('`unavailable`, the default: the store itself says so. `unreachable`: also when no connection comes about.'),
    allow_fallback: flag().optional().describe('`true`: also on a stage with a gate.'),
}).superRefine((value, context) => {
    const complain = (key, message) => context.addIssue({ code: 'custom', path: [key], message });
    if (value.version !== undefined && value.stage !== undefined)
        complain('stage', '"version" and "stage" exclude each other');
    for (const key of ['version', 'stage'])
        if (value[key] !== undefined && (value.from.version ?? value.from.stage) !== undefined)
            complain(key, 'the reference names a version or stage already');
    for (const key of ['fallback_when', 'allow_fallback'])
        if (value[key] !== undefined && value.fallback === undefined)
            complain(key, 'needs a "fallback"');
});
const secrets = dictionary(secretNames(), referenceOr(secrets_form));

;// CONCATENATED MODULE: ./build/domain/config/schema/stores.js




const ca = workspacePath()
    .optional()
    .describe('A PEM file of the authorities that its certificate may come from, in place of the usual ones.');
const stsEndpoint = endpoint().optional().describe('In place of the usual address of the token service.');
const jwt = map({
    method: only('jwt').describe('By the identity token of the job.'),
    mount: mount().prefault('jwt').describe('Where the method is mounted.'),
    role: line().describe('The role that trusts this job.'),
});
const token = map({
    method: only('token').describe('By a token that is there already.'),
    token: reference().describe('Where the token is.'),
});
const approle = map({
    method: only('approle').describe('By AppRole.'),
    mount: mount().prefault('approle').describe('Where the method is mounted.'),
    role_id: line().describe('The id of the role.'),
    secret_id: reference().describe('Where the secret id is.'),
});
const cert = map({
    method: only('cert').describe('By a TLS certificate.'),
    mount: mount().prefault('cert').describe('Where the method is mounted.'),
    name: line().optional().describe('The name of the role; without it the first that fits.'),
    cert: workspacePath().describe('A PEM file of the certificate.'),
    key: reference().describe('Where its private key is.'),
});
const vault = map({
    type: only('vault').describe('HashiCorp Vault or OpenBao.'),
    url: endpoint().describe('Its address.'),
    namespace: line().optional().describe('The namespace of everything that is read.'),
    auth: variants('method', [jwt, token, approle, cert]).describe('How the job logs in.'),
    audience: audience().optional().describe('The audience of the identity token; without it, the origin of `url`.'),
    ca,
    cert: workspacePath().optional().describe('A PEM file of the certificate that is shown to it.'),
    key: reference().optional().describe('Where the private key of `cert` is.'),
    headers: dictionary(headerName(), headerValue()).prefault({}).describe('Sent with every request.'),
}).refine(({ cert, key }) => (cert === undefined) === (key === undefined), {
    path: ['cert'],
    error: '"cert" and "key" belong together',
});
const aws = map({
    type: only('aws').describe('AWS Secrets Manager.'),
    region: region().describe('The region of the secrets.'),
    role: roleArn()
        .optional()
        .describe('The role that trusts this job; without it, the credentials that the runner has.'),
    audience: audience().optional().describe('The audience of the identity token; without it, `sts.amazonaws.com`.'),
    endpoint: endpoint().optional().describe('In place of the usual address, as for a VPC endpoint.'),
    sts_endpoint: stsEndpoint,
    ca,
});
const azure = map({
    type: only('azure').describe('Azure Key Vault.'),
    vault: vaultName().describe('The name of the Key Vault.'),
    tenant: tenant().describe('The tenant of the application.'),
    client: client().describe('The application, or managed identity, with a federated credential for this job.'),
    cloud: choice(['public', 'usgov', 'china']).prefault('public').describe('Which cloud of Azure.'),
    audience: audience().optional().describe('The audience of the identity token; without it, that of the cloud.'),
    endpoint: endpoint().optional().describe('In place of the usual address of the Key Vault.'),
    authority: endpoint().optional().describe('In place of the usual address of the login.'),
    ca,
});
const gcp = map({
    type: only('gcp').describe('Google Secret Manager.'),
    project: project().describe('The project of the secrets.'),
    provider: provider().describe('The workload identity provider that trusts this job.'),
    service_account: serviceAccount()
        .optional()
        .describe('The service account to act as; without it, the job itself has the rights.'),
    location: store_words_location().optional().describe('Where regional secrets are.'),
    audience: audience().optional().describe('The audience of the identity token; without it, that of the provider.'),
    endpoint: endpoint().optional().describe('In place of the usual address.'),
    sts_endpoint: stsEndpoint,
    iam_endpoint: endpoint().optional().describe('In place of the usual address of the IAM credentials service.'),
    ca,
});
const sops = map({
    type: only('sops').describe('A file of SOPS in the repository, encrypted for age recipients.'),
    path: workspacePath().describe('The file: YAML, JSON or dotenv. `{stage}` stands for the stage.'),
    identity: reference().describe('Where the age identity is; several are separated by spaces.'),
});
const stores_command = map({
    type: only('command').describe('Any other store: a command on the runner that prints a secret.'),
    run: list(commandWord())
        .min(1, { error: 'expected a program and its words' })
        .describe('The program and its words. `{locator}` in a word stands for the locator of a reference. No shell reads them.'),
    env: list(variable())
        .prefault([])
        .describe('Variables of the step that the command gets; it gets no others but PATH, HOME and the like.'),
    output: choice(['text', 'json'])
        .prefault('text')
        .describe('`text`: one line. `json`: an object, whose members are the fields of the secret, or any other value.'),
    timeout: duration('1s', '10m').prefault('30s').describe('How long the command may take for one secret.'),
}).superRefine(({ run: [program = '', ...words] }, context) => {
    const complain = (message) => context.addIssue({ code: 'custom', path: ['run'], message });
    if (program.includes('{locator}'))
        complain('the program itself cannot be a locator');
    else if (!words.some((word) => word.includes('{locator}')))
        complain('expected {locator} in one of the words: it stands for the place of the secret');
});
const stores = dictionary(storeName(), variants('type', [vault, aws, azure, gcp, sops, stores_command]));

;// CONCATENATED MODULE: ./build/domain/config/schema/sections.js








const artifact = map({
    git: flag()
        .optional()
        .describe('The revision as `git archive` would export it from the checked-out workspace (export-ignore and export-subst are honoured). What is shipped when nothing else is named.'),
    path: workspacePath().optional().describe('A directory of the workspace that an earlier step built.'),
    archive: archivePath()
        .refine((value) => !value.endsWith('.tar.zst'), notYet)
        .optional()
        .describe('An archive in the workspace: .tar, .tar.gz or .tgz. (.tar.zst comes later.)'),
    subdirectory: workspacePath()
        .optional()
        .describe('Only this directory of it is shipped (`repo_tree` of Capistrano).'),
    exclude: list(glob()).prefault([]).describe('Patterns of paths that are not shipped.'),
    url: later().describe('An archive from elsewhere.'),
    attestation: later().describe('Whether the artefact must be attested.'),
});
const ssh = map({
    user: user().optional().describe('The user to log in as, where a server names none.'),
    port: whole(1, 65_535).prefault(22).describe('The port, where a server names none.'),
    known_hosts: workspacePath()
        .prefault('.github/known_hosts')
        .describe('The known_hosts file in the repository. The input `known-hosts` replaces it. Nothing accepts an unknown key.'),
    jump: jumps()
        .optional()
        .describe('Bastions between the runner and the servers, comma separated, nearest first: `user@host:port`. The user is `ssh.user` and the port 22 where they are left out.'),
    connect_timeout: duration('1s', '10m').prefault('15s').describe('From the first packet to the end of the login.'),
    retries: whole(0, 10)
        .prefault(2)
        .describe('Of the connection only: never of a login that was refused, never of a command.'),
    max_connecting: whole(1, 100).prefault(8).describe('Logins at the same time, on one target or bastion.'),
    certificate: later().describe('A short-lived key that Vault signs in place of a stored one.'),
});
const strategy = map({
    max_parallel: whole(1, 1000).prefault(25).describe('Servers that are worked on at the same time.'),
    batches: list(share(1, 100))
        .min(1, { error: 'expected at least one batch' })
        .prefault(['100%'])
        .describe('How many servers have been switched when each batch is done, as counts or shares of all; the last is `100%`. `[1, 25%, 100%]` switches one, then as many as make a quarter, then the rest. A batch is healthy before the next begins.'),
    wait: duration('0s', '1d').prefault('0s').describe('Pause after each healthy batch but the last.'),
    unreachable_allowed: share(0, 50)
        .prefault(0)
        .describe('Servers that may be left out because they cannot be reached; never one on which alone a hook with `once` runs.'),
    host_deadline: duration('10s', '1d')
        .prefault('3m')
        .describe('What all health checks of one server may take together, whatever their own `deadline` says; also the most that one of our own steps of the switch may take. Hooks have their own timeout.'),
});
const limits = map({
    command_timeout: duration('1s', '1d').prefault('10m').describe('For every command that names no timeout of its own.'),
    idle_timeout: duration('1s', '1d')
        .optional()
        .describe('End a hook on a server that printed nothing for so long. Off without it: silence alone is no failure.'),
    min_free_disk: size('0MB', '1000TB')
        .prefault('500MB')
        .describe('What must be free on the file system of `deploy_to` before the upload.'),
    min_free_inodes: whole(0, 1_000_000_000)
        .prefault(10_000)
        .describe('The same for inodes, where the file system counts them.'),
});
const lock = map({
    wait: duration('0s', '1d').prefault('15m').describe('How long to wait for another run to end.'),
    lease: duration('2m', '1d')
        .prefault('10m')
        .describe('How long a lock that is not renewed stays valid, where GitHub cannot say whether its run has ended.'),
});
/** Every key that both the file and a stage may hold. */
const sections = {
    deploy_to: absolutePath()
        .optional()
        .describe('The directory on the servers that holds `current`, `releases` and `shared`.'),
    keep_releases: whole(1, 1000)
        .prefault(5)
        .describe('Healthy releases to keep. The live one, the one before it and those on hold are never removed.'),
    engine: choice(['native', 'capistrano'])
        .refine((value) => value === 'native', notYet)
        .prefault('native')
        .describe('`capistrano`, which runs the project’s own `bundle exec cap`, comes later.'),
    artifact: artifact.optional().describe('What is shipped: exactly one of `git`, `path` and `archive`.'),
    linked_files: list(releasePath())
        .prefault([])
        .describe('Files that releases share: links into `shared/`. They must exist there; an empty one is never made.'),
    linked_dirs: list(releasePath())
        .prefault([])
        .describe('Directories that releases share: links into `shared/`, where they are made when they are missing.'),
    mutable: list(glob())
        .prefault([])
        .describe('What the application itself writes inside its release; left out of the list that shows whether a release was changed.'),
    default_env: dictionary(environmentName(), environmentValue())
        .prefault({})
        .describe('Environment of the hooks. Not for secrets.'),
    ssh: ssh.prefault({}).describe('How servers are connected to.'),
    become: map({ user: user().describe('The user that programs run as, by `sudo -n -u`.') })
        .optional()
        .describe('Run everything as another user than the one that logs in. A convenience, not a boundary.'),
    strategy: strategy
        .prefault({})
        .describe('In what order, how many at a time and with which deadlines servers are switched.'),
    limits: limits.prefault({}).describe('What a server must have and a command may take.'),
    hooks: hooks.prefault({}).describe('Commands of the project, by hook point.'),
    health: health.prefault([]).describe('Health checks. Without one, a release is healthy when `current` points at it.'),
    lock: lock.prefault({}).describe('The lock on the servers.'),
    rollback: rollback.optional().describe('The policy of rollbacks. Read and checked; used when rollbacks come.'),
    deploy: deploy
        .optional()
        .describe('The policy of deploys. `self_approval` and `admin_bypass` are read and checked; they have an effect when gated deploys come.'),
    audit: audit.optional().describe('Where records go. `required` is read and checked; used when audit comes.'),
    summary: map({
        servers: choice(['names', 'numbers'])
            .optional()
            .describe('How servers are called in the summary. Default: `numbers` in public repositories, else `names`.'),
    })
        .prefault({})
        .describe('The summary of the job.'),
    stores: stores.prefault({}).describe('Stores of secrets, by name. The store `env` is there already.'),
    secrets: secrets.prefault({}).describe('Secrets and where they come from, by name; `NAME_*` names many.'),
    secrets_deadline: duration('1s', '1h')
        .prefault('60s')
        .describe('For all stores together. Where a secret has a `fallback`, its first store gets half of it.'),
    deliver: deliver.prefault([]).describe('Files on the servers that are made of secrets.'),
    leak_guard: choice(['off', 'warn', 'fail'])
        .prefault('fail')
        .describe('What it means when a fetched secret stands in what is shipped.'),
    leak_guard_ignore: list(glob()).prefault([]).describe('Patterns of paths that the leak guard leaves out.'),
    freeze: later().describe('Times at which nothing is deployed.'),
};

;// CONCATENATED MODULE: ./build/domain/config/schema/servers.js


const server = map({
    host: hostPattern().describe('A name, an address, or a pattern that stands for several: `web[01:12].example.com`, `db[a:c]`.'),
    name: serverName()
        .optional()
        .describe('Its label in logs, outputs and filters. Without it: the host, or host:port where a host comes twice.'),
    port: whole(1, 65_535).optional().describe('In place of `ssh.port`.'),
    user: user().optional().describe('In place of `ssh.user`.'),
    deploy_to: absolutePath().optional().describe('In place of the `deploy_to` of the stage.'),
    roles: list(role()).prefault([]).describe('What this server is for; hooks and probes name roles.'),
    labels: dictionary(label(), line())
        .prefault({})
        .describe('Words of your own about this server. Hooks read them in `SLIPWAY_LABELS`, one `name=text` on a line.'),
    primary: flag().prefault(false).describe('The first choice for hooks with `once`.'),
    no_release: flag().prefault(false).describe('Only hooks of its roles run there: no tree, no lock, no ledger.'),
}).refine((value) => !(value.primary && value.no_release), {
    path: ['primary'],
    error: 'contradicts "no_release": `once` hooks run where a release is',
});
const servers = list(server).min(1, { error: 'expected at least one server' });

;// CONCATENATED MODULE: ./build/domain/config/schema/file.js





const stageShape = {
    environment: environment()
        .optional()
        .describe('The GitHub environment of this stage. Where it is named, the job must run in it.'),
    servers: servers.describe('The servers of this stage.'),
    ...sections,
};
/**
 * A stage as it is written in the file: its lists may be edits of the file’s lists. `servers` is a list of the stage
 * alone.
 */
const writtenStage = map({
    ...Object.fromEntries(Object.entries(stageShape).map(([key, schema]) => [key, editable(schema)])),
    servers: stageShape.servers,
});
/** A stage after the file’s own keys were merged into it. */
const mergedStage = map(stageShape);
const stageKeys = Object.keys(stageShape);
/** The whole file. Keys that begin with `x-` are gone before it looks. */
const file = map({
    application: application().describe('The name of the application.'),
    ...sections,
    stages: dictionary(stageName(), writtenStage)
        .refine((stages) => Object.keys(stages).length > 0, { error: 'expected at least one stage' })
        .describe('Where to deploy, by name. A stage holds its servers, and every other key of the file but `application` and `stages`.'),
});

;// CONCATENATED MODULE: ./build/domain/config/reading/canonical.js
/** JSON that is the same text for the same value: keys sorted by their code units, what is undefined left out. */
function canonicalJson(value) {
    return JSON.stringify(value, (_, inner) => isRecord(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner);
}
function isRecord(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}

;// CONCATENATED MODULE: ./build/domain/config/reading/problems.js


/** The most problems that are reported; a file with more is not a configuration. */
const mostProblems = 100;
function problem(path, text, where = 'value') {
    return { path, where, text, code: 'CONFIG_INVALID' };
}
/** What the schema found, in our own words. */
function problemsOf(issues, base = []) {
    return issues.flatMap((issue) => {
        const path = [...base, ...issue.path.map((part) => (typeof part === 'number' ? part : String(part)))];
        if (issue.code === 'unrecognized_keys')
            return issue.message.split('\n').map((text, index) => problem([...path, issue.keys[index] ?? ''], text, 'key'));
        if (issue.code === 'invalid_key')
            return issue.issues.map((inner) => problem(path, `as a key: ${inner.message}`, 'key'));
        if (issue.code === 'invalid_union')
            return branch(issue, path);
        if (issue.code === 'custom' && issue.params?.['later'] === true)
            return [{ path, where: 'key', text: issue.message, code: 'NOT_YET' }];
        if (issue.code === 'custom' && typeof issue.params?.['at'] === 'number')
            return [{ ...problem(path, issue.message), code: 'REFERENCE_INVALID', ahead: issue.params['at'] }];
        return [problem(path, issue.message)];
    });
}
/** The issues of the alternative that was probably meant: the one whose kind (list, map, text) matches. */
function branch(issue, path) {
    const meant = issue.errors.find((errors) => !errors.some((error) => error.code === 'invalid_type' && error.path.length === 0));
    return meant === undefined ? [problem(path, issue.message)] : problemsOf(meant, path);
}
/**
 * All problems as one failure, in the order of the file; `undefined` when there are none. Each message begins with
 * `path:line:column: `.
 */
function failureOf(document, problems) {
    if (problems.length === 0)
        return undefined;
    const placed = problems.slice(0, 10 * mostProblems).map((one) => ({ ...one, place: placeOf(document, one) }));
    placed.sort((one, other) => one.place.line - other.place.line || one.place.column - other.place.column);
    const messages = new Map(placed.map((one) => [`${document.path}:${one.place.line}:${one.place.column}: ${titled(one)}`, one.code]));
    const failures = [...messages].slice(0, mostProblems).map(([message, code]) => new domain_failure/* Failure */.HR(code, message));
    const codes = new Set(failures.map((failure) => failure.code));
    const [code = 'CONFIG_INVALID'] = codes.size === 1 ? codes : [];
    return (0,domain_failure/* together */.bs)(code, `${document.path}: ${messages.size} problems in the configuration.`, failures);
}
function titled({ path, text }) {
    return path.length === 0 ? text : `${dotted(path)}: ${text}`;
}
/** The place of a path; of a missing one, the place of its nearest parent that is there. */
function placeOf(document, { path, where, ahead }) {
    for (let length = path.length; length >= 0; length -= 1) {
        const whole = length === path.length;
        const place = document.place(path.slice(0, length), whole ? where : 'value', whole ? ahead : undefined);
        if (place !== undefined)
            return place;
    }
    return { line: 1, column: 1 };
}

;// CONCATENATED MODULE: ./build/domain/config/reading/placeholders.js


/**
 * `{stage}`, `{revision}` and `{release}` in places where they are not replaced; `${stage}` in a command is a variable
 * of the shell.
 */
function misplaced(value, path = []) {
    if (typeof value === 'string')
        return misplacedIn(value, path);
    if (Array.isArray(value))
        return value.flatMap((item, index) => misplaced(item, [...path, index]));
    return isMap(value) ? Object.entries(value).flatMap(([key, item]) => misplaced(item, [...path, key])) : [];
}
/** `{stage}` where no stage is named. */
function unfilledStage(value, path = []) {
    if (typeof value === 'string')
        return value.includes('{stage}') ? [problem(path, '{stage} is not filled in: no stage is named')] : [];
    if (Array.isArray(value))
        return value.flatMap((item, index) => unfilledStage(item, [...path, index]));
    return isMap(value) ? Object.entries(value).flatMap(([key, item]) => unfilledStage(item, [...path, key])) : [];
}
/** Addresses are as they are written: a name of a stage must not send a credential elsewhere. */
const addresses = ['url', 'endpoint', 'sts_endpoint', 'iam_endpoint', 'authority', 'ca', 'headers'];
function fillsStage(path) {
    const [section, , key] = path[0] === 'stages' ? path.slice(2) : path;
    return section === 'secrets' || (section === 'stores' && !addresses.includes(String(key)));
}
function misplacedIn(text, path) {
    const [expect, key] = path.slice(-2);
    if (expect === 'expect' && key === 'body_contains') {
        const unknown = [...text.matchAll(/\{(?!revision\})[A-Za-z_]+\}/g)].map(([found]) => found);
        return unknown.map((found) => problem(path, `${found} is no placeholder here: {revision} is`));
    }
    const names = [...text.matchAll(/(?<!\$)\{(stage|revision|release)\}/g)].map(([, name]) => name ?? '');
    const found = [...new Set(names)].filter((name) => !(name === 'stage' && fillsStage(path)));
    const advice = key === 'run' || key === 'local' ? (name) => `; use "$SLIPWAY_${name.toUpperCase()}"` : () => '';
    return found.map((name) => problem(path, `{${name}} is not filled in here${advice(name)}`));
}

;// CONCATENATED MODULE: ./build/domain/config/reading/plain.js

const deepest = 32;
/**
 * Maps whose keys are the user's own: there `x-` is part of a name (a header, a label), and placeholders are not
 * checked.
 */
const ownKeys = ['default_env', 'headers', 'labels'];
/**
 * The value of a document without its `x-` keys, and what is forbidden in every value: too deep nesting, circles,
 * `__proto__`, control
 * characters. A forbidden value becomes `null`.
 */
function plainValue(value) {
    const problems = [];
    const visit = (node, path, around) => {
        const wrong = typeof node === 'string' ? forbiddenText(node) : forbidden(node, around);
        if (wrong !== undefined)
            problems.push(problem(path, wrong));
        if (typeof node !== 'object' || node === null)
            return node;
        if (wrong !== undefined)
            return null;
        const inside = [...around, node];
        if (Array.isArray(node))
            return node.map((item, index) => visit(item, [...path, index], inside));
        if (Object.hasOwn(node, '__proto__'))
            problems.push(problem([...path, '__proto__'], 'this key is not allowed anywhere', 'key'));
        return Object.fromEntries(keptEntries(node, path).map(([key, item]) => [key, visit(item, [...path, key], inside)]));
    };
    return { value: visit(value, [], []), problems };
}
function keptEntries(node, path) {
    const names = ownKeys.includes(String(path.at(-1))) ? 'own' : 'ours';
    return Object.entries(node).filter(([key]) => key !== '__proto__' && (names === 'own' || !key.startsWith('x-')));
}
function forbidden(node, around) {
    if (around.includes(node))
        return 'an alias that holds itself';
    if (around.length > deepest)
        return `nested deeper than ${deepest} levels`;
    const foreign = typeof node === 'object' && node !== null && !Array.isArray(node) && !isPlain(node);
    return foreign ? 'only maps, lists, text, numbers, true, false and null are values here' : undefined;
}
function isPlain(node) {
    return Object.getPrototypeOf(node) === Object.prototype || Object.getPrototypeOf(node) === null;
}
function forbiddenText(text) {
    if (!text.isWellFormed())
        return 'half of a surrogate pair is not text';
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/.test(text))
        return 'control characters are not allowed';
    if (text.includes('${{'))
        return '`${{ }}` is not filled in here: expressions of GitHub belong into the workflow';
    return undefined;
}

;// CONCATENATED MODULE: ./build/domain/config/reading/names.js

/** What a hook is called in the log. */
function hookName(hook) {
    return hook.name ?? firstLine(hook.run ?? hook.local ?? '');
}
/** What a health check is called in the log and the summary. */
function probeName(probe) {
    return probe.name ?? probe.http ?? firstLine(probe.run ?? '');
}
function firstLine(command) {
    const [first = ''] = command.trim().split('\n');
    const line = first.replace(new RegExp(`[${unprintable}]`, 'g'), ' ');
    return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line.trimEnd();
}

// EXTERNAL MODULE: ./build/domain/secrets/request.js
var request = __webpack_require__(8147);
;// CONCATENATED MODULE: ./build/domain/config/reading/secret-requests.js


function storesOf({ stores }, stage) {
    return Object.fromEntries(Object.entries(stores).map(([name, form]) => [name, storeOf(form, stage)]));
}
function requestsOf({ secrets }, stage) {
    return Object.entries(secrets).map(([name, form]) => requestOf(name, form, stage));
}
function storeOf(form, stage) {
    const filled = filler(stage);
    switch (form.type) {
        case 'vault':
            return vaultOf(form, stage);
        case 'aws':
            return {
                type: 'aws',
                region: form.region,
                role: filled(form.role),
                audience: filled(form.audience),
                endpoint: form.endpoint,
                stsEndpoint: form.sts_endpoint,
                ca: form.ca,
            };
        case 'azure':
            return {
                type: 'azure',
                vault: filled(form.vault),
                tenant: form.tenant,
                client: form.client,
                cloud: form.cloud,
                audience: filled(form.audience),
                endpoint: form.endpoint,
                authority: form.authority,
                ca: form.ca,
            };
        case 'gcp':
            return {
                type: 'gcp',
                project: filled(form.project),
                provider: filled(form.provider),
                serviceAccount: filled(form.service_account),
                location: form.location,
                audience: filled(form.audience),
                endpoint: form.endpoint,
                stsEndpoint: form.sts_endpoint,
                iamEndpoint: form.iam_endpoint,
                ca: form.ca,
            };
        case 'sops':
            return { type: 'sops', path: filled(form.path), identity: referenceOf(form.identity, stage) };
        case 'command': {
            const [program = '', ...words] = form.run.map((word) => filled(word));
            return { type: 'command', run: [program, ...words], env: form.env, output: form.output, timeout: form.timeout };
        }
    }
}
function vaultOf(form, stage) {
    const filled = filler(stage);
    return {
        type: 'vault',
        url: form.url,
        namespace: filled(form.namespace),
        auth: authOf(form.auth, stage),
        audience: filled(form.audience),
        ca: form.ca,
        cert: filled(form.cert),
        key: form.key === undefined ? undefined : referenceOf(form.key, stage),
        headers: form.headers,
    };
}
function authOf(form, stage) {
    const filled = filler(stage);
    switch (form.method) {
        case 'jwt':
            return { method: 'jwt', mount: filled(form.mount), role: filled(form.role) };
        case 'token':
            return { method: 'token', token: referenceOf(form.token, stage) };
        case 'approle':
            return {
                method: 'approle',
                mount: filled(form.mount),
                roleId: filled(form.role_id),
                secretId: referenceOf(form.secret_id, stage),
            };
        case 'cert':
            return {
                method: 'cert',
                mount: filled(form.mount),
                name: filled(form.name),
                cert: filled(form.cert),
                key: referenceOf(form.key, stage),
            };
    }
}
/** One entry of `secrets`; its name has passed the schema. */
function requestOf(name, form, stage) {
    const names = (0,request/* parseNames */.G)(name) ?? { kind: 'single', name };
    const whole = 'from' in form ? form : undefined;
    const written = 'from' in form ? form.from : form;
    const from = {
        ...written,
        version: written.version ?? whole?.version,
        stage: written.stage ?? whole?.stage,
    };
    return {
        names,
        from: referenceOf(from, stage),
        maxAge: whole?.max_age,
        onStale: whole?.on_stale ?? 'warn',
        mask: whole?.mask === false ? 'shown' : 'masked',
        fallback: whole === undefined ? undefined : fallbackOf(whole, stage),
    };
}
function fallbackOf(form, stage) {
    if (form.fallback === undefined)
        return undefined;
    return {
        from: referenceOf(form.fallback, stage),
        when: form.fallback_when ?? 'unavailable',
        gated: form.allow_fallback === true ? 'allowed' : 'refused',
    };
}
function deliveryOf(form) {
    const { to, format, mode, group, secrets, roles, allow_targets: allowTargets } = form;
    return { to, format, mode, group, secrets, roles, allowTargets };
}
function referenceOf(reference, stage) {
    return stage === undefined ? reference : (0,secrets_reference/* fillReference */.$3)(reference, { stage });
}
/** Fills `{stage}`, as data. */
function filler(stage) {
    return (text) => (stage === undefined ? text : text?.replaceAll('{stage}', () => stage));
}

;// CONCATENATED MODULE: ./build/domain/config/reading/servers.js



function fleetOf(stage) {
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
    const names = serverNames(members.map((member) => ({ name: member.form.name, host: member.host, port: member.port })));
    return members.map((member, index) => ({ ...member, name: names[index] ?? member.host }));
}
/**
 * What is wrong with the servers. `failed`: keys of the stage that are reported already, so that their consequences are
 * not reported as well.
 */
function fleetProblems(stage, failed) {
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
function patternProblems(form, index) {
    const expansion = expandHost(form.host);
    if (expansion.kind === 'wrong')
        return [problem(['servers', index, 'host'], expansion.because)];
    const several = form.name !== undefined && expansion.hosts.length > 1;
    return several
        ? [problem(['servers', index, 'name'], `names one server, but its pattern stands for ${expansion.hosts.length}`)]
        : [];
}
function repetitions(fleet) {
    const names = repeated(fleet, (member) => member.name);
    const trees = repeated(fleet.filter((member) => !member.form.no_release), treeOf).filter((member) => !names.some((named) => named.index === member.index));
    return [
        ...names.map((member) => problem(['servers', member.index], `${quoted(member.name)} is here twice: give one of them a name of its own`)),
        ...trees.map((member) => problem(['servers', member.index], 'is the same directory on the same host as another server of this stage')),
    ];
}
/**
 * Members whose key came before; those of one pattern with a name always repeat it, which `patternProblems` reports.
 */
function repeated(fleet, key) {
    const seen = new Map();
    return fleet.filter((member) => {
        const same = seen.get(key(member));
        seen.set(key(member), member);
        return same !== undefined && !(same.index === member.index && member.form.name !== undefined);
    });
}
function treeOf(member) {
    return `${member.host.toLowerCase()}:${member.port}:${member.deployTo ?? ''}`;
}
function missing(fleet, key, text) {
    const entries = new Set(fleet.filter((member) => member[key] === undefined).map((member) => member.index));
    return [...entries].map((index) => problem(['servers', index], text));
}

;// CONCATENATED MODULE: ./build/domain/config/reading/resolve.js





/** The settings of a stage that has passed every check. */
function settingsOf(stage, names) {
    const { strategy, limits } = stage;
    return {
        ...names,
        environment: stage.environment,
        servers: fleetOf(stage).map(serverOf),
        keepReleases: stage.keep_releases,
        artifact: {
            from: artifactOf(stage),
            subdirectory: withoutSlash(stage.artifact?.subdirectory),
            exclude: stage.artifact?.exclude ?? [],
        },
        linkedFiles: stage.linked_files,
        linkedDirs: stage.linked_dirs,
        mutable: stage.mutable,
        defaultEnv: stage.default_env,
        ssh: sshOf(stage),
        become: stage.become?.user,
        strategy: {
            maxParallel: strategy.max_parallel,
            batches: strategy.batches,
            wait: strategy.wait,
            unreachableAllowed: strategy.unreachable_allowed,
            hostDeadline: strategy.host_deadline,
        },
        limits: {
            commandTimeout: limits.command_timeout,
            idleTimeout: limits.idle_timeout,
            minFreeDisk: limits.min_free_disk,
            minFreeInodes: limits.min_free_inodes,
        },
        hooks: hooksOf(stage),
        health: stage.health.map(probeOf),
        lock: stage.lock,
        stores: storesOf(stage, names.stage),
        secrets: requestsOf(stage, names.stage),
        secretsDeadline: stage.secrets_deadline,
        deliver: stage.deliver.map(deliveryOf),
        leakGuard: stage.leak_guard,
        leakGuardIgnore: stage.leak_guard_ignore,
        summaryServers: stage.summary.servers,
    };
}
function serverOf({ form, name, host, port, user = '', deployTo = '' }) {
    const primary = form.primary ? 'primary' : 'ordinary';
    return {
        name,
        host,
        port,
        user,
        deployTo,
        roles: form.roles,
        labels: form.labels,
        primary,
        release: form.no_release ? 'no release' : 'release',
    };
}
function artifactOf({ artifact }) {
    if (artifact?.path !== undefined)
        return { kind: 'path', path: withoutSlash(artifact.path) };
    return artifact?.archive === undefined ? { kind: 'git' } : { kind: 'archive', path: artifact.archive };
}
function withoutSlash(path) {
    return path?.replace(/\/$/, '');
}
function sshOf({ ssh }) {
    const jumps = ssh.jump === undefined ? [] : (parseJumps(ssh.jump) ?? []);
    return {
        knownHosts: ssh.known_hosts,
        jumps: jumps.map(({ user, host, port }) => ({ user: user ?? ssh.user ?? '', host, port })),
        connectTimeout: ssh.connect_timeout,
        retries: ssh.retries,
        maxConnecting: ssh.max_connecting,
    };
}
function hooksOf(stage) {
    return Object.fromEntries(lifecycle/* hookPoints */.VS.map((point) => [point, stage.hooks[point].map(hookOf)]));
}
function hookOf(form) {
    return {
        name: hookName(form),
        command: form.run ?? form.local ?? '',
        where: form.local === undefined ? 'server' : 'runner',
        roles: form.roles,
        times: form.once ? 'once' : 'each server',
        whenChanged: form.when?.changed ?? [],
        maxParallel: form.max_parallel,
        timeout: form.timeout,
        secrets: form.secrets,
        reversible: form.reversible ? 'reversible' : 'irreversible',
    };
}
function probeOf(form) {
    return {
        name: probeName(form),
        roles: form.roles,
        required: form.required ? 'required' : 'informs',
        interval: form.interval,
        timeout: form.timeout,
        healthyAfter: form.healthy_after,
        deadline: form.deadline,
        ask: questionOf(form),
    };
}
function questionOf({ http, run = '', from = 'server', headers = {}, expect }) {
    if (http === undefined)
        return { kind: 'run', command: run };
    return { kind: 'http', url: http, from, headers, status: expect?.status ?? 200, bodyContains: expect?.body_contains };
}

// EXTERNAL MODULE: ./build/domain/secrets/names.js
var secrets_names = __webpack_require__(994);
// EXTERNAL MODULE: ./build/domain/secrets/settings.js
var settings = __webpack_require__(6377);
;// CONCATENATED MODULE: ./build/domain/config/reading/secret-checks.js









/** How stores and secrets fit together. `given`: stores that are configured elsewhere. */
function secretProblems(stage, failed, given) {
    const known = ['env', ...Object.keys(stage.stores), ...given];
    const placed = failed.has('stores') ? [] : references(stage).flatMap((one) => unknownStore(one, known));
    return [...placed, ...circles(stage), ...trees(stage)];
}
function references({ stores, secrets }) {
    const inStores = Object.entries(stores).flatMap(([name, form]) => {
        const at = (key, reference) => reference === undefined ? [] : [{ reference, at: ['stores', name, ...key.split('.')] }];
        if (form.type === 'sops')
            return at('identity', form.identity);
        if (form.type !== 'vault')
            return [];
        const { auth } = form;
        return [
            ...at('key', form.key),
            ...at('auth.token', auth.method === 'token' ? auth.token : undefined),
            ...at('auth.secret_id', auth.method === 'approle' ? auth.secret_id : undefined),
            ...at('auth.key', auth.method === 'cert' ? auth.key : undefined),
        ];
    });
    const inSecrets = Object.entries(secrets).flatMap(([name, form]) => {
        const at = ['secrets', name];
        if (!('from' in form))
            return [{ reference: form, at }];
        const fallback = form.fallback === undefined ? [] : [{ reference: form.fallback, at: [...at, 'fallback'] }];
        return [{ reference: form.from, at: [...at, 'from'] }, ...fallback];
    });
    return [...inStores, ...inSecrets];
}
function unknownStore({ reference: { store }, at }, known) {
    if (known.includes(store))
        return [];
    const near = (0,nearest/* nearest */.p)(store, known);
    const advice = near === undefined ? `there is ${known.toSorted().join(', ')}` : `did you mean ${quoted(near)}?`;
    return [problem(at, `no store is called ${quoted(store)}; ${advice}`)];
}
/** A store whose credentials can only be read when it is open already. */
function circles({ stores }) {
    const needs = new Map(Object.entries(stores).map(([name, form]) => [
        name,
        (0,settings/* credentialsOf */.Y)(storeOf(form, undefined)).map(({ store }) => store),
    ]));
    const reaches = (from, goal, seen) => (needs.get(from) ?? []).some((next) => next === goal || (!seen.has(next) && reaches(next, goal, new Set([...seen, next]))));
    return [...needs.keys()]
        .filter((name) => reaches(name, name, new Set()))
        .map((name) => problem(['stores', name], 'needs credentials that can be read only when it is open itself', 'key'));
}
/** `/**` gives many secrets: they need `NAME_*`. */
function trees({ secrets }) {
    return Object.entries(secrets).flatMap(([name, form]) => {
        const reference = 'from' in form ? form.from : form;
        if (!(0,secrets_reference/* isTree */.xK)(reference))
            return [];
        if (!name.endsWith('*'))
            return [problem(['secrets', name], '`/**` gives many secrets: write "NAME_*" as the name', 'key')];
        const pinned = 'from' in form && form.version !== undefined;
        return pinned ? [problem(['secrets', name, 'version'], 'the secrets below `/**` have no version in common')] : [];
    });
}
/** What hooks and files ask for must be there, and must not steer programs by its name. */
function useProblems(stage, failed) {
    const known = Object.keys(stage.secrets);
    const inHooks = lifecycle/* hookPoints */.VS.flatMap((point) => stage.hooks[point].flatMap((hook, index) => hook.secrets.flatMap((name, place) => unfit({ name, at: ['hooks', point, index, 'secrets', place], known, target: 'environment', failed }))));
    const inFiles = stage.deliver.flatMap((file, index) => file.secrets.flatMap((name, place) => unfit({ name, at: ['deliver', index, 'secrets', place], known, target: 'file', failed })));
    return [...inHooks, ...inFiles, ...fileProblems(stage)];
}
function unfit({ name, at, known, target, failed }) {
    const fitting = known.filter((one) => mayBe(name, one));
    if (fitting.length === 0 && !failed.has('secrets'))
        return [problem(at, secret_checks_missing(name, known))];
    const names = [...new Set([name, ...fitting])].filter((one) => !one.includes('*'));
    return names.flatMap((one) => {
        const why = (0,secrets_names/* nameProblem */.r)(one, target);
        const where = target === 'file' ? 'a delivered file' : 'an environment';
        return why === undefined
            ? []
            : [
                {
                    ...problem(at, `${one} ${why}, so no secret has this name in ${where}`),
                    code: 'SECRET_NAME_REFUSED',
                },
            ];
    });
}
function secret_checks_missing(name, known) {
    const lower = known.map((one) => one.toLowerCase());
    const near = known[lower.indexOf((0,nearest/* nearest */.p)(name, lower) ?? '')];
    return `no secret is called ${quoted(name)}${near === undefined ? '' : `; did you mean ${quoted(near)}?`}`;
}
/** Whether a secret of the key `written` of `secrets` can have a name that is asked for as `asked`; both may hold `*`. */
function mayBe(asked, written) {
    const pattern = new RegExp(`^${asked.split('*').join('.*')}$`);
    if ((0,request/* parseNames */.G)(written)?.kind !== 'prefixed')
        return pattern.test(written);
    const [start, end] = [written.slice(0, -1), asked.split('*', 1)[0] ?? ''];
    return start.startsWith(end) ? asked.includes('*') : end.startsWith(start);
}
function fileProblems(stage) {
    const links = [...stage.linked_files, ...stage.linked_dirs];
    return stage.deliver.flatMap(({ to }, index) => {
        const at = ['deliver', index, 'to'];
        if (stage.deliver.slice(0, index).some((other) => other.to === to))
            return [problem(at, `${quoted(to)} is delivered twice`)];
        const link = links.find((path) => to === path || to.startsWith(`${path}/`));
        if (link === undefined)
            return [];
        return [problem(at, `${quoted(link)} is a link to shared/: write ${quoted(`shared/${to}`)}`)];
    });
}

;// CONCATENATED MODULE: ./build/domain/config/reading/cross-checks.js







/** Checks across keys: whether the parts of a stage fit together. Paths are those of the merged stage. */
function stageProblems(stage, failed, { roles, stores }) {
    return [
        ...artifactProblems(stage),
        ...linkProblems(stage),
        ...batchProblems(stage),
        ...jumpProblems(stage),
        ...fleetProblems(stage, failed),
        ...roleProblems(stage, roles),
        ...nameProblems(stage),
        ...secretProblems(stage, failed, stores),
        ...useProblems(stage, failed),
    ];
}
function artifactProblems({ artifact }) {
    if (artifact === undefined)
        return [];
    const named = [artifact.git === true, artifact.path !== undefined, artifact.archive !== undefined].filter(Boolean).length;
    if (named === 1 || (named === 0 && artifact.git === undefined))
        return [];
    return [problem(['artifact'], 'expected exactly one of "git: true", "path" and "archive"')];
}
const ours = ['REVISION', 'REVISION_TIME'];
function linkProblems(stage) {
    const links = ['linked_files', 'linked_dirs'].flatMap((key) => stage[key].map((path, index) => ({ path, at: [key, index] })));
    return links.flatMap(({ path, at }, index) => {
        const own = ours.find((name) => path === name || path.startsWith(`${name}/`));
        if (own !== undefined)
            return [problem(at, `${own} is a file that Slipway writes`)];
        if (links.slice(0, index).some((other) => other.path === path))
            return [problem(at, `${quoted(path)} is linked twice`)];
        const outer = links.find((other) => path.startsWith(`${other.path}/`));
        return outer === undefined ? [] : [problem(at, `lies inside ${quoted(outer.path)}, which is linked already`)];
    });
}
/**
 * Each share says how many servers have been switched when its batch is done: so they grow, and the last one is all.
 */
function batchProblems({ strategy: { batches } }) {
    const idle = batches.findIndex((share, index) => index > 0 &&
        batches.slice(0, index).some((before) => before.kind === share.kind && amount(before) >= amount(share)));
    if (idle >= 0)
        return [
            problem(['strategy', 'batches', idle], 'switches no server: each batch names how many are switched when it is done, so the numbers must grow'),
        ];
    const last = batches.at(-1);
    if (last?.kind === 'percent' && last.percent === 100)
        return [];
    return [
        problem(['strategy', 'batches', batches.length - 1], 'the last batch must be 100%, so that no server is left out'),
    ];
}
function amount(share) {
    return share.kind === 'count' ? share.count : share.percent;
}
function jumpProblems({ ssh }) {
    const jumps = ssh.jump === undefined ? [] : (parseJumps(ssh.jump) ?? []);
    const userless = jumps.find((jump) => jump.user === undefined);
    return userless === undefined || ssh.user !== undefined
        ? []
        : [problem(['ssh', 'jump'], `${quoted(userless.host)} has no user: write "user@host", or set "ssh.user"`)];
}
/** A hook of the file may name roles that this stage does not have; a role that no stage has is a typing error. */
function roleProblems(stage, roles) {
    const inHooks = cross_checks_hooksOf(stage).flatMap(({ hook, at }) => [
        ...unknownRoles(hook.roles, roles, at),
        ...idleOnce(stage, hook, at),
    ]);
    const inFiles = stage.deliver.flatMap((file, index) => unknownRoles(file.roles, roles, ['deliver', index]));
    const inProbes = stage.health.flatMap((probe, index) => [
        ...unknownRoles(probe.roles, roles, ['health', index]),
        ...unaskedRoles(stage, probe.roles, ['health', index]),
    ]);
    return [...inHooks, ...inFiles, ...inProbes];
}
/** Servers without a release are never probed: a probe for them alone would never run, without any notice. */
function unaskedRoles({ servers }, roles, at) {
    return roles.flatMap((role, index) => {
        const own = servers.filter((server) => server.roles.includes(role));
        return own.length > 0 && own.every((server) => server.no_release)
            ? [
                problem([...at, 'roles', index], `only servers without a release have the role ${quoted(role)}, and those are not probed`),
            ]
            : [];
    });
}
/**
 * A hook with `once` runs on a server that has a release: for these servers alone it would never run, without any
 * notice.
 */
function idleOnce({ servers }, { once, roles }, at) {
    const own = servers.filter((server) => server.roles.some((role) => roles.includes(role)));
    const idle = once && own.length > 0 && own.every((server) => server.no_release);
    return idle
        ? [
            problem([...at, 'once'], 'only servers without a release have its roles, and what runs once runs where a release is'),
        ]
        : [];
}
function unknownRoles(roles, known, at) {
    const there = known.size === 0 ? 'no server has a role' : `there is ${[...known].sort().join(', ')}`;
    return roles.flatMap((role, index) => known.has(role) ? [] : [problem([...at, 'roles', index], `no server has the role ${quoted(role)}; ${there}`)]);
}
function nameProblems(stage) {
    const hooks = cross_checks_hooksOf(stage).map(({ hook, at, point }) => ({
        key: `${point} ${hookName(hook)}`,
        name: hookName(hook),
        at,
    }));
    const probes = stage.health.map((probe, index) => ({
        key: `health ${probeName(probe)}`,
        name: probeName(probe),
        at: ['health', index],
    }));
    const named = [...hooks, ...probes];
    const keys = named.map((one) => one.key);
    return named
        .filter((one, index) => keys.indexOf(one.key) < index)
        .map((one) => problem(one.at, `another one here is called ${quoted(one.name)} too: give it a name of its own`));
}
function cross_checks_hooksOf(stage) {
    return lifecycle/* hookPoints */.VS.flatMap((point) => stage.hooks[point].map((hook, index) => ({ point, hook, at: ['hooks', point, index] })));
}

;// CONCATENATED MODULE: ./build/domain/config/reading/merge.js



/** Maps merge one level deep, lists replace, `{append, remove}` edits. `keys` are those that a stage may hold. */
function mergeStage(file, name, keys) {
    const stage = child({ value: file['stages'], at: ['stages'] }, name);
    const combined = combinedKeys({ value: withoutOtherArtifact(file, stage.value), at: [] }, stage, keys);
    const origins = new Map(combined.origins.map(([from, to]) => [JSON.stringify(from), to]));
    const origin = (path) => {
        for (let length = path.length; length > 0; length -= 1) {
            const start = origins.get(JSON.stringify(path.slice(0, length)));
            if (start !== undefined)
                return [...start, ...path.slice(length)];
        }
        return [...stage.at, ...path];
    };
    return { value: isMap(combined.value) ? combined.value : {}, origin, problems: combined.problems };
}
/** A stage that names what it ships replaces the choice of the file, in place of adding a second one to it. */
function withoutOtherArtifact(file, stage) {
    const own = isMap(stage) ? stage['artifact'] : undefined;
    const kinds = ['git', 'path', 'archive'];
    if (!isMap(own) || !isMap(file['artifact']) || !kinds.some((kind) => own[kind] !== undefined))
        return file;
    return {
        ...file,
        artifact: Object.fromEntries(Object.entries(file['artifact']).filter(([key]) => !kinds.includes(key))),
    };
}
function combinedKeys(general, own, keys) {
    const level = general.at.length === 0 ? 'section' : 'inside';
    const parts = keys.map((key) => ({ key, ...combine(child(general, key), child(own, key), level) }));
    return {
        value: Object.fromEntries(parts.filter((part) => part.value !== undefined).map((part) => [part.key, part.value])),
        origins: parts.flatMap((part) => part.origins.map(([from, to]) => [[part.key, ...from], to])),
        problems: parts.flatMap((part) => part.problems),
    };
}
function combine(general, own, level) {
    if (own.value === undefined)
        return { value: general.value, origins: general.value === undefined ? [] : [[[], general.at]], problems: [] };
    if (isEdits(own.value))
        return edited(general, own);
    if (level === 'section' && isMap(own.value) && (general.value === undefined || isMap(general.value))) {
        const keys = new Set([...Object.keys(general.value ?? {}), ...Object.keys(own.value)]);
        const combined = combinedKeys(general, own, [...keys]);
        return { ...combined, origins: [[[], own.at], ...combined.origins] };
    }
    return { value: own.value, origins: [[[], own.at]], problems: [] };
}
function edited(general, own) {
    const edits = isEdits(own.value) ? own.value : {};
    const items = Array.isArray(general.value)
        ? general.value.map((value, index) => ({ value, at: [...general.at, index] }))
        : [];
    const doomed = (edits.remove ?? []).map(String);
    const kept = items.filter((item) => !doomed.includes(nameOf(item.value)));
    const list = [...kept, ...(edits.append ?? []).map((value, index) => ({ value, at: [...own.at, 'append', index] }))];
    const absent = doomed.flatMap((name, index) => items.some((item) => nameOf(item.value) === name) ? [] : [{ name, index }]);
    return {
        value: list.map((item) => item.value),
        origins: [[[], own.at], ...list.map((item, index) => [[index], item.at])],
        problems: absent.map(({ name, index }) => problem([...own.at, 'remove', index], `the list of the file holds no ${quoted(name)}`)),
    };
}
function nameOf(item) {
    return String(isMap(item) ? (item['name'] ?? item['to']) : item);
}
function child(parent, key) {
    const value = isMap(parent.value) && Object.hasOwn(parent.value, key) ? parent.value[key] : undefined;
    return { value, at: [...parent.at, key] };
}

;// CONCATENATED MODULE: ./build/domain/config/reading/stage.js






/**
 * One stage with the file's own keys merged into it, checked as far as its parts can be read: one wrong key hides no
 * problem of another.
 */
function readStage(file, { name, reported, stores }) {
    const merged = mergeStage(file, name, stageKeys);
    const located = (problems) => problems.map((one) => ({ ...one, path: merged.origin(one.path) }));
    const issues = mergedStage.safeParse(merged.value, readOnce).error?.issues ?? [];
    const failed = new Set(issues.map((issue) => String(issue.path[0])));
    const sound = mergedStage.safeParse(Object.fromEntries(Object.entries(merged.value).filter(([key]) => !failed.has(key))), readOnce);
    const misshapen = located(problemsOf(issues)).filter((one) => !reported.some((other) => overlap(one.path, other.path)));
    return {
        stage: sound.data,
        problems: [
            ...merged.problems,
            ...misshapen,
            ...(sound.success ? located(stageProblems(sound.data, failed, { roles: rolesOf(file), stores })) : []),
        ],
    };
}
/** The roles of the servers of all stages, as far as they can be read. */
function rolesOf(file) {
    const stages = Object.values(isMap(file['stages']) ? file['stages'] : {});
    const servers = stages.flatMap((stage) => (isMap(stage) && Array.isArray(stage['servers']) ? stage['servers'] : []));
    return new Set(servers.flatMap((server) => isMap(server) && Array.isArray(server['roles']) ? server['roles'].filter((role) => typeof role === 'string') : []));
}
/** Whether one of the two lies in the other. */
function overlap(one, other) {
    const length = Math.min(one.length, other.length);
    return one.slice(0, length).every((part, index) => part === other[index]);
}

;// CONCATENATED MODULE: ./build/domain/config/reading/configuration.js












/**
 * Reads one stage out of a configuration file; `stage` may be left out, or empty, where the file has one only. Throws
 * one failure that holds all
 * problems of the file and of that stage: `CONFIG_INVALID`, or `NOT_YET` where nothing else is wrong; `STAGE_UNKNOWN`
 * when the file itself is right.
 * @param stores names of stores that are configured elsewhere
 */
function readConfiguration(document, stage, stores = []) {
    const plain = plainValue(document.value);
    const whole = isMap(plain.value) ? plain.value : {};
    const names = isMap(whole['stages']) ? Object.keys(whole['stages']) : [];
    const name = stage === undefined || stage === '' ? onlyOne(names) : names.find((one) => one === stage);
    const wrong = [...plain.problems, ...elsewhere(plain.problems, configuration_fileProblems(plain.value))];
    const read = name === undefined ? { stage: undefined, problems: [] } : readStage(whole, { name, reported: wrong, stores });
    const failure = failureOf(document, [...wrong, ...elsewhere(plain.problems, read.problems)]);
    if (failure !== undefined)
        throw failure;
    if (name === undefined || read.stage === undefined)
        throw unknownStage(document.path, names, stage);
    const settings = settingsOf(read.stage, { application: String(whole['application']), stage: name });
    return { ...settings, canonical: canonicalJson(settings) };
}
/** What is wrong with the file as a whole. Keys of later versions may hold placeholders. */
function configuration_fileProblems(value) {
    if (value === null || value === undefined)
        return [problem([], 'the file is empty: docs/configuration.md shows the smallest one that works')];
    const problems = problemsOf(file.safeParse(value, readOnce).error?.issues ?? []);
    const later = problems.filter((one) => one.code === 'NOT_YET').map((one) => JSON.stringify(one.path));
    const known = misplaced(value).filter((one) => !one.path.some((_, index) => later.includes(JSON.stringify(one.path.slice(0, index + 1)))));
    return [...problems, ...known];
}
/** `problems` without those at places for which `reported` has a problem already. */
function elsewhere(reported, problems) {
    const places = new Set(reported.map((one) => JSON.stringify(one.path)));
    return problems.filter((one) => !places.has(JSON.stringify(one.path)));
}
function onlyOne(names) {
    return names.length === 1 ? names[0] : undefined;
}
function unknownStage(path, names, stage) {
    const all = names.map((name) => quoted(name)).join(', ');
    if (stage === undefined || stage === '')
        return new domain_failure/* Failure */.HR('STAGE_UNKNOWN', `${path} has several stages, so one must be named: ${all}.`);
    const near = (0,nearest/* nearest */.p)(stage, names);
    const advice = near === undefined ? '' : ` Did you mean ${quoted(near)}?`;
    return new domain_failure/* Failure */.HR('STAGE_UNKNOWN', `${path} has no stage ${quoted(stage)}.${advice} It has: ${all}.`);
}

;// CONCATENATED MODULE: ./build/domain/config/reading/foreign.js

/** Where projects of other tools keep their configuration. */
const foreignProjectPaths = ['Capfile', 'config/deploy.rb', 'config/deploy.yml'];
/** `CONFIG_FOREIGN` where the text looks like a Kamal file or a Capistrano script; `undefined` for anything else. */
function foreignConfiguration(path, text) {
    const what = whatIs(path, text);
    return what === undefined
        ? undefined
        : new domain_failure/* Failure */.HR('CONFIG_FOREIGN', `${path}: this is ${what}, not a Slipway configuration.`);
}
/** The same for a workspace that has no `wanted`, but the other tool's file `path`. */
function foreignProject(wanted, path, text) {
    const what = whatIs(path, text);
    if (what === undefined)
        return undefined;
    const hint = `Write a Slipway configuration at ${wanted}; docs/configuration.md shows the smallest one.`;
    return new domain_failure/* Failure */.HR('CONFIG_FOREIGN', `There is no ${wanted} in the workspace, only ${path}: ${what}`, { hint });
}
function whatIs(path, text) {
    if (isKamal(text))
        return 'a Kamal file (it has `service:` and `image:`)';
    return path.endsWith('.rb') || isCapistrano(text) ? 'a Capistrano script in Ruby' : undefined;
}
function isKamal(text) {
    return /^service:/m.test(text) && /^image:/m.test(text) && !/^application:/m.test(text);
}
/** Only matches at the beginning of a line: in a YAML file the lines of a command are indented. */
function isCapistrano(text) {
    return (/^(?:(?:set|ask|append)\s+:\w+\s*,|(?:lock|server|role|namespace|task|require|load|import)\s+[:'"])/m.test(text) &&
        !/^application:/m.test(text));
}

;// CONCATENATED MODULE: ./build/domain/config/reading/secrets.js











/**
 * What is needed to fetch secrets, and nothing else.
 * @throws Failure `CONFIG_INVALID`, `REFERENCE_INVALID`, `NOT_YET`, `STAGE_UNKNOWN`, `INPUT_INVALID`
 */
function readSecretsConfiguration({ file, stage, stores }) {
    const inFile = storeNames(file?.value);
    const given = stores === undefined ? undefined : readPart(asFile(stores), stage, inFile);
    const names = Object.keys(given?.stores ?? {});
    const read = file !== undefined && isWhole(file.value) ? readConfiguration(file, stage, names) : readPart(file, stage, names);
    const { environment, secrets, secretsDeadline } = read;
    return {
        stage: read.stage,
        environment,
        secrets,
        secretsDeadline,
        stores: { ...read.stores, ...given?.stores },
        undelivered: 'undelivered' in read ? read.undelivered : undeliveredOf(read),
    };
}
function undeliveredOf({ linkedFiles, deliver }) {
    const delivered = new Set(deliver.map(({ to }) => to));
    return linkedFiles.filter((path) => !delivered.has(`shared/${path}`));
}
/** A file that says what is deployed is checked as such. */
function isWhole(value) {
    return isMap(value) && ['application', 'stages', 'deploy_to'].some((key) => value[key] !== undefined);
}
function asFile(stores) {
    const place = (path, where, ahead) => stores.place(path.slice(1), where, ahead);
    return { path: stores.path, value: { stores: stores.value ?? {} }, place };
}
function storeNames(value) {
    return isMap(value) && isMap(value['stores']) ? Object.keys(value['stores']) : [];
}
const secrets_part = map({ stores: sections.stores, secrets: sections.secrets, secrets_deadline: sections.secrets_deadline });
function readPart(file, stage, given) {
    const name = stage === '' ? undefined : stage;
    if (name !== undefined && !isStageName(name))
        throw new domain_failure/* Failure */.HR('INPUT_INVALID', '`stage` is a name of letters, digits, ".", "_" and "-".');
    const plain = plainValue(file?.value ?? {});
    const read = secrets_part.safeParse(plain.value, readOnce);
    const stageless = name === undefined ? unfilledStage(plain.value) : [];
    const wrong = [...plain.problems, ...problemsOf(read.error?.issues ?? []), ...misplaced(plain.value)];
    const unfit = read.success ? secretProblems(read.data, new Set(), given) : [];
    const failure = file && failureOf(file, [...wrong, ...elsewhere(wrong, [...stageless, ...unfit])]);
    if (failure !== undefined)
        throw failure;
    const data = read.data ?? secrets_part.parse({});
    return {
        stage: name,
        environment: undefined,
        stores: storesOf(data, name),
        secrets: requestsOf(data, name),
        secretsDeadline: data.secrets_deadline,
        undelivered: [],
    };
}

;// CONCATENATED MODULE: ./build/actions/job/configuration.js






/**
 * The stage that the inputs name, from the file that they name.
 * @param files where what is trusted is read
 * @throws Failure `CONFIG_*`, `NOT_YET`, `STAGE_UNKNOWN`, `NO_SERVERS`, `KNOWN_HOSTS_INVALID`
 */
async function readTrusted(files, choice) {
    const settings = narrowed(readConfiguration(await readDocument(files, choice.config), choice.stage), choice);
    const knownHosts = choice.knownHosts ?? (await files.text(settings.ssh.knownHosts));
    if (knownHosts === undefined)
        throw new domain_failure/* Failure */.HR('KNOWN_HOSTS_INVALID', knownHostsMissing(settings.ssh.knownHosts), { hint: howToKnowHosts });
    return { settings, knownHosts };
}
/**
 * The stores and secrets of the file and of the input `stores`. With the input there may be no file.
 * @throws Failure `CONFIG_*`, `NOT_YET`, `STAGE_UNKNOWN`, `REFERENCE_INVALID`, `INPUT_INVALID`
 */
async function readSecrets(files, choice) {
    const { config, stage, stores } = choice;
    const needless = stores !== undefined && (await files.text(config)) === undefined;
    return readSecretsConfiguration({
        file: needless ? undefined : await readDocument(files, config),
        stage,
        stores: stores === undefined ? undefined : await readText('stores', stores),
    });
}
/** The configuration as it is written, unchecked. @throws Failure `CONFIG_MISSING`, `CONFIG_INVALID`, `CONFIG_FOREIGN` */
async function readDocument(files, path) {
    const text = await files.text(path);
    if (text === undefined)
        throw await configuration_missing(files, path);
    const foreign = foreignConfiguration(path, text);
    if (foreign !== undefined)
        throw foreign;
    return await readText(path, text);
}
/** The parser is loaded apart, since a store of SOPS files needs it too. */
async function readText(path, text) {
    const { readYaml } = await Promise.all(/* import() */[__webpack_require__.e(815), __webpack_require__.e(153)]).then(__webpack_require__.bind(__webpack_require__, 8153));
    return readYaml(path, text);
}
function narrowed({ canonical, ...resolved }, choice) {
    const from = choice.artifact === undefined ? resolved.artifact.from : choiceOf(choice.artifact);
    return {
        ...resolved,
        artifact: { ...resolved.artifact, from },
        servers: selectServers(resolved.servers, choice),
        stageServers: resolved.servers.map(({ name }) => name),
        digest: (0,external_node_crypto_.createHash)('sha256').update(canonical).digest('hex'),
    };
}
/** Where the workspace is a project of another tool, that is reported instead of `CONFIG_MISSING`. */
async function configuration_missing(files, config) {
    for (const place of foreignProjectPaths) {
        const text = await files.text(place).catch(() => undefined);
        const foreign = text === undefined ? undefined : foreignProject(config, place, text);
        if (foreign !== undefined)
            return foreign;
    }
    return new domain_failure/* Failure */.HR('CONFIG_MISSING', `There is no ${config} in the workspace`);
}
/** A path with the ending of an archive is one, also with an ending that is not supported yet. */
function choiceOf(path) {
    return /\.(?:tar|tar\.gz|tgz|tar\.zst)$/.test(path) ? { kind: 'archive', path } : { kind: 'path', path };
}
const howToKnowHosts = 'Write the host keys of the servers into such a file and commit it; "Quick start" in the README says how to make sure of them.';
function knownHostsMissing(path) {
    return `No host keys are given: there is no ${path} in the workspace, where \`ssh.known_hosts\` says they are, and the input \`known-hosts\` is empty`;
}


/***/ })

};
;