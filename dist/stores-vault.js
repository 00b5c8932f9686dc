"use strict";
exports.id = 817;
exports.ids = [817];
exports.modules = {

/***/ 8817:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openVault: () => (/* binding */ openVault),
  revokeLeft: () => (/* binding */ revokeLeft)
});

// EXTERNAL MODULE: ./node_modules/node-vault/src/index.js
var src = __webpack_require__(8096);
var src_default = /*#__PURE__*/__webpack_require__.n(src);
// EXTERNAL MODULE: ./build/domain/failure.js
var domain_failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/domain/secrets/secret.js
var secrets_secret = __webpack_require__(8520);
// EXTERNAL MODULE: ./build/adapters/stores/client/request.js + 1 modules
var request = __webpack_require__(9601);
// EXTERNAL MODULE: ./build/domain/secrets/unavailable.js
var unavailable = __webpack_require__(6820);
;// CONCATENATED MODULE: ./build/adapters/stores/vault/json.js
/**
 * JSON in which every number is written again as it stood there: 12345678901234567890 and 1.0 would otherwise change.
 * @returns `undefined` where it is no JSON, without a word of what stood there
 */
function parseExact(text) {
    try {
        return JSON.parse(text, keepNumber);
    }
    catch {
        return undefined;
    }
}
/** The third parameter of a reviver and `JSON.rawJSON` are newer than the types of our target (ECMAScript 2026). */
function keepNumber(_key, value, context) {
    if (typeof value !== 'number' || context.source === undefined || String(value) === context.source)
        return value;
    return JSON.rawJSON(context.source);
}
/** The object at `names` within `value`; an empty one where there is none. */
function objectAt(value, ...names) {
    let found = value;
    for (const name of names)
        found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    return isObject(found) ? found : {};
}
function isObject(value) {
    return typeof value === 'object' && value !== null && !Array.isArray(value);
}
/** A text that is there and not empty. */
function textOf(value) {
    return typeof value === 'string' && value !== '' ? value : undefined;
}
function textsOf(value) {
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/api.js


function refused(status, body) {
    const found = isObject(body) ? body : {};
    return { kind: 'refused', status, errors: textsOf(found['errors']), body: found };
}
/**
 * Whether the token itself is refused and not only what it asked for. OpenBao says so by the bare words;
 * what a policy forbids begins with `1 error occurred:`. Vault names the token since 1.13.
 */
function refusesToken({ status, errors }) {
    if (status !== 403)
        return false;
    return errors.join() === 'permission denied' || errors.some((error) => /\b(invalid|bad) token\b/.test(error));
}
/** A standby answers so until it knows the active node. */
function isStandby({ status }) {
    return status === 472 || status === 473;
}
/** What statuses mean for Vault: https://developer.hashicorp.com/vault/api-docs#http-status-codes */
const meanings = {
    412: 'has not yet heard of what was written before',
    429: 'asks to be asked less often',
    472: 'is a standby of a recovery cluster',
    473: 'is a standby node',
    501: 'is not initialised',
    502: 'is not served by something behind it',
    503: 'is sealed or in maintenance',
};
/** The failure of a request, in words of Vault where there are some. */
function explained(store, thrown) {
    if (!(thrown instanceof unavailable/* StoreUnavailable */.u) || thrown.how !== 'answered' || thrown.status === undefined)
        return thrown;
    const meaning = meanings[thrown.status];
    if (meaning === undefined)
        return thrown;
    const { status, cause } = thrown;
    return new unavailable/* StoreUnavailable */.u('answered', `The store ${store} ${meaning}: status ${status} until the deadline.`, {
        status,
        cause,
    });
}
/** Something answered, and it is not Vault. */
function notVault(store) {
    return new unavailable/* StoreUnavailable */.u('not trusted', `What answers for the store ${store} does not answer like Vault.`, {
        hint: 'Check `url` of the store: it is the address of its API without `/v1`.',
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/times.js

/** A time of RFC 3339 as Go writes it; the year 1 is none. */
function timeOf(value) {
    const time = new Date(textOf(value) ?? Number.NaN);
    return Number.isNaN(time.getTime()) || time.getTime() <= 0 ? undefined : time;
}
function secondsAfter(now, seconds) {
    return typeof seconds === 'number' && Number.isFinite(seconds) ? new Date(now.getTime() + seconds * 1000) : undefined;
}
/** When something with so many seconds to live ends; zero are those of what has no end. */
function endOf(now, seconds) {
    return seconds === 0 ? undefined : secondsAfter(now, seconds);
}
/** `undefined` never ends. */
function endsBefore(ends, time) {
    return ends !== undefined && ends.getTime() < time.getTime();
}
/** Whole seconds, and one to spare. */
function secondsUntil(now, until) {
    return Math.ceil((until.getTime() - now.getTime()) / 1000) + 1;
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/leases.js



/** The lease of an answer; KV has a duration and no lease. */
function leaseOf(body, path, now) {
    const id = textOf(body['lease_id']);
    const ends = secondsAfter(now, body['lease_duration']);
    if (id === undefined || ends === undefined)
        return undefined;
    return { id, path, ends, renewable: body['renewable'] === true ? 'renewable' : 'fixed' };
}
/** Renews each lease that ends before `until`. */
function renewLeases(lender, leases, renewal) {
    return Promise.all(leases.map((lease) => renewLease(lender, lease, renewal)));
}
async function renewLease(lender, lease, renewal) {
    const { until, tokenEnds } = renewal;
    const kept = await prolonged(lender, lease, renewal).catch(domain_failure/* asFailure */.h_);
    if (kept instanceof domain_failure/* Failure */.HR)
        return { lease, failure: kept };
    const ends = [kept.ends, tokenEnds].find((end) => endsBefore(end, until));
    return ends === undefined ? { lease: kept } : { lease: kept, failure: tooShort(lender.ports.store, kept, ends) };
}
/** The lease as it is after it was asked to last until then; unchanged where the store does not want to. */
async function prolonged(lender, lease, { until, limits }) {
    if (lease.renewable === 'fixed' || !endsBefore(lease.ends, until))
        return lease;
    const now = lender.ports.clock.now();
    const body = { lease_id: lease.id, increment: secondsUntil(now, until) };
    const answer = await lender.ask({ verb: 'write', path: 'sys/leases/renew', body }, limits);
    const ends = answer.kind === 'ok' ? secondsAfter(now, answer.body['lease_duration']) : undefined;
    return ends === undefined ? lease : { ...lease, ends };
}
function tooShort(store, { path }, ends) {
    const sentence = `What ${path} of the store ${store} lends ends at ${ends.toISOString()}, before the run does.`;
    return new domain_failure/* Failure */.HR('LEASED_SECRET', sentence, {
        hint: 'Raise `max_ttl` of that role, and `token_ttl` and `token_max_ttl` of the role that this job logs in with.',
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/entry.js




const unrotated = { state: 'none', next: undefined };
/** What is known of a secret that was not read. */
const unread = {
    path: '',
    content: { kind: 'not read' },
    version: undefined,
    created: undefined,
    expires: undefined,
    notBefore: undefined,
    rotation: unrotated,
    lease: undefined,
};
/** The entry that an answer with a value makes; `undefined` where it holds no fields. */
function entryOf(spot, body, now) {
    const data = spot.mount.kind === 'kv2' ? objectAt(body, 'data')['data'] : body['data'];
    if (!isObject(data))
        return undefined;
    if (spot.mount.kind === 'kv2')
        return { ...versionFacts(objectAt(body, 'data', 'metadata'), now), content: fields(spot, data) };
    const lease = leaseOf(body, spot.place.path, now);
    if (lease !== undefined)
        return { ...unread, content: fields(spot, data), created: now, expires: lease.ends, lease };
    if (spot.mount.kind === 'other' && 'last_vault_rotation' in data)
        return staticCredentials(spot, data, now);
    return { ...unread, content: fields(spot, data) };
}
/** Facts of one version of KV 2. `rotate_after` in the custom metadata is when the owner means to write the next one. */
function versionFacts(metadata, now) {
    const next = timeOf(objectAt(metadata, 'custom_metadata')['rotate_after']);
    const version = metadata['version'];
    return {
        ...unread,
        version: typeof version === 'number' ? String(version) : undefined,
        created: timeOf(metadata['created_time']),
        expires: timeOf(metadata['deletion_time']),
        rotation: next === undefined ? unrotated : scheduled(next, now),
    };
}
/** Vault changes the password of a database user by itself: https://developer.hashicorp.com/vault/api-docs/secret/databases#get-static-credentials */
function staticCredentials(spot, data, now) {
    const { last_vault_rotation: last, rotation_period, rotation_schedule, rotation_window, ttl, ...credentials } = data;
    const next = secondsAfter(now, ttl);
    return {
        ...unread,
        content: fields(spot, credentials),
        created: timeOf(last),
        expires: next,
        rotation: next === undefined ? unrotated : scheduled(next, now),
    };
}
function scheduled(next, now) {
    return { state: next.getTime() <= now.getTime() ? 'overdue' : 'scheduled', next };
}
/** Texts as they are, everything else as its JSON. */
function fields({ store, place }, data) {
    const secret = (field, value) => new secrets_secret/* Secret */.z(`${store}://${place.path}#${field}`, typeof value === 'string' ? value : JSON.stringify(value));
    return { kind: 'fields', fields: new Map(Object.entries(data).map(([name, value]) => [name, secret(name, value)])) };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/place.js

/** @returns the failure `REFERENCE_INVALID` where the locator is no path of Vault */
function placeOf(reference) {
    const { locator, version } = reference;
    const all = locator.endsWith('/**');
    const path = (all ? locator.slice(0, -3) : locator).replace(/^\/+/, '');
    const segments = path.split('/');
    const problem = problemOf(reference, { path, segments, reach: all ? 'all below' : 'one' });
    if (problem !== undefined)
        return invalid(reference, problem);
    return {
        segments,
        path,
        reach: all ? 'all below' : 'one',
        version: version === undefined ? undefined : Number(version),
    };
}
function problemOf({ version, stage }, { path, segments, reach }) {
    if (path === '' || segments.includes(''))
        return 'is not a path like `mount/path`';
    if (segments.some((segment) => segment === '.' || segment === '..'))
        return 'has a segment `.` or `..`';
    if (segments.some((segment) => segment.includes('*')))
        return 'has a `*` before its end; only `/**` at the end is one';
    if (/[\x00-\x1f\x7f]/.test(path))
        return 'has a control character';
    if (segments.length < 2 && reach === 'one')
        return 'names a mount and no path in it';
    if (stage !== undefined)
        return 'asks for a stage; Vault has versions only';
    if (version !== undefined && reach === 'all below')
        return 'asks for one version of many secrets';
    if (version !== undefined && !/^[1-9]\d{0,8}$/.test(version))
        return `asks for the version ${version}, not a number`;
    return undefined;
}
function invalid({ store, locator }, problem) {
    return new domain_failure/* Failure */.HR('REFERENCE_INVALID', `${store}://${locator} ${problem}.`);
}
/** For a request's path: each segment percent-encoded, so that none of it is taken for a query, a fragment or another path. */
function encoded(segments) {
    return segments.map(encodeURIComponent).join('/');
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/refusals.js



/** What the metadata of a version of KV 2 say against it; a deletion may lie ahead of us. */
function withdrawn(metadata, version) {
    if (metadata['destroyed'] === true)
        return { kind: 'destroyed', version };
    const at = timeOf(metadata['deletion_time']);
    return at === undefined ? undefined : { kind: 'deleted', version, at };
}
/** Judges a version by the metadata of all: the one that is asked for, or the newest. */
function judged(metadata, asked, now) {
    const newest = Number(metadata['current_version']) || undefined;
    const version = asked ?? newest;
    const versions = objectAt(metadata, 'versions');
    if (version === undefined)
        return { kind: 'missing' };
    if (!Object.hasOwn(versions, String(version)))
        return { kind: 'no such version', newest };
    const refusal = withdrawn(objectAt(versions, String(version)), version);
    return refusal?.kind === 'deleted' && refusal.at.getTime() > now.getTime() ? undefined : refusal;
}
/** One sentence each: who reads it knows which of them it is, and what to do. */
function failureOf(spot, refusal) {
    const what = `${spot.place.path} of the store ${spot.store}`;
    switch (refusal.kind) {
        case 'missing':
            return new domain_failure/* Failure */.HR('SECRET_MISSING', `There is nothing at ${what}.`, missingHint(spot));
        case 'no such version':
            return new domain_failure/* Failure */.HR('SECRET_MISSING', `There is no version ${spot.place.version} of ${what}${newestOf(refusal)}.`);
        case 'deleted':
            return new domain_failure/* Failure */.HR('SECRET_MISSING', `${versionOf(refusal)}${what} was deleted at ${refusal.at.toISOString()}.`, {
                hint: 'Write a new version, or bring it back with `vault kv undelete`.',
            });
        case 'destroyed':
            return new domain_failure/* Failure */.HR('SECRET_MISSING', `${versionOf(refusal)}${what} was destroyed.`, {
                hint: 'Nothing brings a destroyed version back: write a new one, or ask for another one.',
            });
        case 'denied':
            return new domain_failure/* Failure */.HR('STORE_DENIED', `The policies of this job do not let it ${refusal.capability} ${what}.`, {
                hint: `Add to a policy of the role: path "${refusal.path}" { capabilities = ["${refusal.capability}"] }`,
            });
        case 'capabilities unknown':
            return new domain_failure/* Failure */.HR('STORE_DENIED', `The store ${spot.store} does not say whether this job may read ${spot.place.path}.`, {
                hint: 'Let the role use `sys/capabilities-self`, as the policy `default` does; nothing can be checked without it.',
            });
        case 'not readable':
            return new domain_failure/* Failure */.HR('SECRET_MISSING', `${what} cannot be read: the store answers with status ${refusal.status}.`);
    }
}
function versionOf({ version }) {
    return version === undefined ? '' : `Version ${version} of `;
}
function newestOf({ newest }) {
    return newest === undefined ? '' : `; the newest is ${newest}`;
}
/** The most frequent slip: the path of the API instead of that of the CLI. */
function missingHint({ mount, place }) {
    const [first, ...rest] = place.segments.slice(mount.segments.length);
    if (mount.kind !== 'kv2' || first !== 'data')
        return {};
    return { hint: `Write the path as the vault CLI does, without \`data/\`: ${[...mount.segments, ...rest].join('/')}` };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/kv.js



/** The path of the API, without percent-encoding: as a policy names it. */
function apiPath({ mount, place }, aspect) {
    return segmentsOf({ mount, place }, aspect).join('/');
}
function requestFor(spot, aspect) {
    const path = encoded(segmentsOf(spot, aspect));
    if (aspect === 'names below' || aspect === 'names beside')
        return { verb: 'list', path };
    const { version } = spot.place;
    const query = version === undefined || aspect === 'metadata' ? '' : `?version=${version}`;
    return { verb: 'read', path: `${path}${query}` };
}
function segmentsOf({ mount, place }, aspect) {
    const rest = place.segments.slice(mount.segments.length);
    const folder = aspect === 'names beside' ? rest.slice(0, -1) : rest;
    const lists = aspect === 'names below' || aspect === 'names beside';
    const room = { value: 'data', metadata: 'metadata', subkeys: 'subkeys' }[lists ? 'metadata' : aspect];
    return [...mount.segments, ...(mount.kind === 'kv2' ? [room] : []), ...folder, ...(lists ? [''] : [])];
}
/** Why a read was refused. Only the metadata tell a version that is not there from a path that is not. */
async function refusalOf(session, spot, refused, limits) {
    const { mount, place } = spot;
    if (refused.status === 403)
        return { kind: 'denied', capability: 'read', path: apiPath(spot, 'value') };
    if (refused.status !== 404)
        return { kind: 'not readable', status: refused.status };
    if (mount.kind !== 'kv2')
        return { kind: 'missing' };
    const metadata = objectAt(refused.body, 'data', 'metadata');
    const version = typeof metadata['version'] === 'number' ? metadata['version'] : place.version;
    const gone = withdrawn(metadata, version);
    if (gone !== undefined)
        return gone;
    if (place.version === undefined)
        return { kind: 'missing' };
    const answer = await session.ask(requestFor(spot, 'metadata'), limits);
    const now = session.ports.clock.now();
    if (answer.kind === 'ok')
        return judged(objectAt(answer.body, 'data'), place.version, now) ?? { kind: 'missing' };
    return answer.status === 404 ? { kind: 'missing' } : { kind: 'no such version', newest: undefined };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/list.js




/** Secrets that one `/**` may name, and folders that it may lead through. */
const most = 100;
/** The places of all secrets below a folder of a key-value store, folder by folder. */
async function placesBelow(session, spot, limits) {
    const places = [];
    const folders = [spot.place];
    for (const folder of folders) {
        const names = await namesIn(session, { ...spot, place: folder }, limits);
        if (names instanceof domain_failure/* Failure */.HR)
            return names;
        for (const name of names) {
            if (name.endsWith('/'))
                folders.push(below(folder, name.slice(0, -1)));
            else
                places.push({ ...below(folder, name), reach: 'one' });
        }
        if (places.length > most || folders.length > most + 1)
            return tooMany(spot);
    }
    return places;
}
async function namesIn(session, spot, limits) {
    const answer = await session.ask(requestFor(spot, 'names below'), limits);
    if (answer.kind === 'ok')
        return textsOf(objectAt(answer.body, 'data')['keys']).filter(isName);
    if (answer.status === 404)
        return [];
    if (answer.status === 403)
        return failureOf(spot, { kind: 'denied', capability: 'list', path: apiPath(spot, 'names below') });
    return failureOf(spot, { kind: 'not readable', status: answer.status });
}
/** A name that is `.` or `..`, or holds a slash elsewhere than at its end, would lead out of the folder. */
function isName(key) {
    return /^[^/]+\/?$/.test(key) && !/^\.{1,2}\/?$/.test(key);
}
function below(folder, name) {
    return { ...folder, segments: [...folder.segments, name], path: `${folder.path}/${name}` };
}
function tooMany({ store, place }) {
    return new domain_failure/* Failure */.HR('REFERENCE_INVALID', `${store}://${place.path}/** names more than ${most} secrets.`, {
        hint: 'Name a folder further down, or the secrets one by one.',
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/lookup.js




/**
 * One answer a reference, in their order; references to one place share one lookup.
 * @throws Failure where the store as a whole is of no use; what is still on its way is then given up
 */
async function answerAll(store, references, { limits, entryAt }) {
    const rest = new AbortController();
    const within = { ...limits, signal: AbortSignal.any([limits.signal, rest.signal]) };
    const found = new Map();
    const entriesOf = (reference) => {
        const place = placeOf(reference);
        if (place instanceof domain_failure/* Failure */.HR)
            return Promise.resolve(place);
        const key = JSON.stringify([place.segments, place.reach, place.version]);
        const entries = found.get(key) ?? lookUp(store, reference, { place, limits: within, entryAt });
        found.set(key, entries);
        return entries;
    };
    try {
        return await Promise.all(references.map(async (reference) => answerOf(reference, await entriesOf(reference))));
    }
    finally {
        rest.abort();
    }
}
function answerOf(reference, found) {
    return found instanceof domain_failure/* Failure */.HR ? { reference, failure: found } : { reference, entries: found };
}
async function lookUp(store, reference, { place, limits, entryAt }) {
    const mount = await store.mounts.of(place.segments, limits);
    if (mount.kind === 'refused')
        return unmounted(reference, place);
    const spot = { store: reference.store, place, mount };
    if (place.reach === 'all below')
        return await lookUpBelow(store, reference, { spot, limits, entryAt });
    if (place.version !== undefined && mount.kind !== 'kv2')
        return invalid(reference, 'has no versions');
    const entry = await entryAt(spot, limits);
    return 'content' in entry ? [entry] : failureOf(spot, entry);
}
/** Every secret below a folder. Vault also lists those whose newest version is deleted or destroyed, or not written yet. */
async function lookUpBelow({ session }, reference, { spot, limits, entryAt }) {
    if (spot.mount.kind === 'other')
        return invalid(reference, 'ends in `/**`, and its engine is no key-value store');
    const places = await placesBelow(session, spot, limits);
    if (places instanceof domain_failure/* Failure */.HR)
        return places;
    const start = spot.place.segments.length;
    const entries = await Promise.all(places.map(async (place) => {
        const entry = await entryAt({ ...spot, place }, limits);
        if ('content' in entry)
            return { ...entry, path: place.segments.slice(start).join('/') };
        const gone = entry.kind === 'deleted' || entry.kind === 'destroyed' || entry.kind === 'missing';
        return gone ? [] : failureOf({ ...spot, place }, entry);
    }));
    const failure = entries.flat().find((entry) => entry instanceof domain_failure/* Failure */.HR);
    const standing = entries.flat().filter((entry) => !(entry instanceof domain_failure/* Failure */.HR));
    return failure ?? (standing.length > 0 ? standing : failureOf(spot, { kind: 'missing' }));
}
/** Vault does not tell a mount that is not there from one of which no policy allows anything. */
function unmounted({ store }, { path, segments }) {
    return new domain_failure/* Failure */.HR('STORE_DENIED', `No policy of this job allows anything at ${path} of the store ${store}.`, {
        hint: `Check that an engine is mounted at ${segments[0]}, and the policies of the role.`,
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/check.js





/**
 * Whether each may be read, by `sys/capabilities-self`, and whether it is there, by its metadata, its subkeys or the names beside it:
 * as far as the policies let us see one of them. No value is read, and no dynamic secret is made.
 */
function checkAll(store, references, limits) {
    return answerAll(store, references, { limits, entryAt: (spot, within) => checkAt(store, spot, within) });
}
async function checkAt(store, spot, limits) {
    const allowed = await capabilities(store, spot, limits);
    if (allowed === undefined)
        return { kind: 'capabilities unknown' };
    if (!allowed('value', 'read'))
        return { kind: 'denied', capability: 'read', path: apiPath(spot, 'value') };
    switch (spot.mount.kind) {
        case 'kv2':
            return await checkVersion(store, spot, { limits, allowed });
        case 'kv1':
            return allowed('names beside', 'list') ? await checkName(store, spot, limits) : unread;
        case 'other':
            return unread;
    }
}
async function capabilities({ session }, spot, limits) {
    const aspects = ['value', 'metadata', 'subkeys', 'names beside'];
    const paths = [...new Set(aspects.map((aspect) => apiPath(spot, aspect)))];
    const answer = await session.ask({ verb: 'write', path: 'sys/capabilities-self', body: { paths } }, limits);
    if (answer.kind === 'refused')
        return undefined;
    return (aspect, capability) => {
        const given = textsOf(objectAt(answer.body, 'data')[apiPath(spot, aspect)]);
        return given.includes(capability) || given.includes('root');
    };
}
async function checkVersion({ session }, spot, { limits, allowed }) {
    const now = () => session.ports.clock.now();
    if (allowed('metadata', 'read')) {
        const answer = await session.ask(requestFor(spot, 'metadata'), limits);
        if (answer.kind === 'refused')
            return await refusalOf(session, spot, answer, limits);
        const metadata = objectAt(answer.body, 'data');
        const version = spot.place.version ?? metadata['current_version'];
        const facts = { ...objectAt(metadata, 'versions', String(version)), version };
        const { custom_metadata } = metadata;
        return judged(metadata, spot.place.version, now()) ?? versionFacts({ ...facts, custom_metadata }, now());
    }
    if (!allowed('subkeys', 'read'))
        return unread;
    const answer = await session.ask(requestFor(spot, 'subkeys'), limits);
    if (answer.kind === 'refused')
        return await refusalOf(session, spot, answer, limits);
    return versionFacts(objectAt(answer.body, 'data', 'metadata'), now());
}
async function checkName({ session }, spot, limits) {
    const answer = await session.ask(requestFor(spot, 'names beside'), limits);
    const names = answer.kind === 'ok' ? textsOf(objectAt(answer.body, 'data')['keys']) : [];
    return names.includes(spot.place.segments.at(-1) ?? '') ? unread : { kind: 'missing' };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/mounts.js



function openMounts(session) {
    const found = [];
    // Paths with the same first segment wait for each other, since the first answer is often good for the others.
    const before = new Map();
    const known = (segments) => found.find((mount) => startsWith(segments, mount.segments));
    const find = async (segments, limits) => {
        const mount = known(segments) ?? (await askMount(session, segments, limits));
        if (mount.kind !== 'refused' && !found.includes(mount))
            found.push(mount);
        return mount;
    };
    return {
        of: (segments, limits) => {
            const [first = ''] = segments;
            const result = (before.get(first) ?? Promise.resolve()).then(() => find(segments, limits));
            before.set(first, result.catch(() => undefined));
            return result;
        },
    };
}
async function askMount(session, segments, limits) {
    const path = `sys/internal/ui/mounts/${encoded(segments)}`;
    const answer = await session.ask({ verb: 'read', path }, limits);
    // A Vault before 0.10 has no such path, and no second version of KV.
    if (answer.kind === 'refused')
        return answer.status === 404 ? { segments: segments.slice(0, 1), kind: 'other' } : answer;
    const { type, path: mounted } = objectAt(answer.body, 'data');
    const place = (textOf(mounted) ?? `${segments[0]}`).replace(/\/$/, '').split('/');
    if (!startsWith(segments, place))
        throw notVault(session.ports.store);
    if (type !== 'kv' && type !== 'generic')
        return { segments: place, kind: 'other' };
    return { segments: place, kind: objectAt(answer.body, 'data', 'options')['version'] === '2' ? 'kv2' : 'kv1' };
}
function startsWith(segments, start) {
    return start.every((segment, index) => segments[index] === segment);
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/read.js



/** Reads what the references name, each path once. */
function readAll(store, references, limits) {
    return answerAll(store, references, { limits, entryAt: (spot, within) => readAt(store, spot, within) });
}
async function readAt({ session }, spot, limits) {
    const answer = await session.ask(requestFor(spot, 'value'), limits);
    if (answer.kind === 'refused')
        return await refusalOf(session, spot, answer, limits);
    const entry = entryOf(spot, answer.body, session.ports.clock.now());
    if (entry?.lease !== undefined)
        session.hold({ ...entry.lease, path: spot.place.path });
    return entry ?? { kind: 'missing' };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/revoke.js

/** A refusal counts as done: what has ended is gone already. It never rejects. */
async function revoke(api, { token, what }, limits) {
    const secret = new secrets_secret/* Secret */.z('token', token);
    const write = (path, body) => api.ask({ verb: 'write', path, body, token: secret }, limits);
    try {
        if (what === 'token')
            await write('auth/token/revoke-self', {});
        else
            await Promise.all(what.map((id) => write('sys/leases/revoke', { lease_id: id, sync: true })));
        return 'revoked';
    }
    catch {
        return 'not reached';
    }
}
function accessOf({ url, namespace, headers, ca, cert, key, auth }) {
    const shown = auth.method === 'cert' ? auth : { cert, key };
    return { url, namespace, headers, ca, cert: shown.cert, key: shown.key?.reveal() };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/cancel.js

/** Rejects with `CANCELLED` when `signal` aborts first; what `promise` waits for goes on. */
function beforeAbort(promise, signal) {
    return new Promise((resolve, reject) => {
        const stop = () => reject(cancelled());
        signal.addEventListener('abort', stop, { once: true });
        promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
        if (signal.aborted)
            stop();
    });
}
function cancelled() {
    return new domain_failure/* Failure */.HR('CANCELLED', 'The run was cancelled while it asked a store.');
}

// EXTERNAL MODULE: ./build/domain/text/escape.js
var text_escape = __webpack_require__(8835);
;// CONCATENATED MODULE: ./build/adapters/stores/vault/login-refusal.js


/** With the reason of the store; the claims of the job are added by whoever has them. */
function loginRefused({ store, auth, sent }, { status, errors }) {
    const reason = sent.reduce((text, secret) => text.replaceAll(secret.reveal(), `${secret}`), errors.join('; '));
    const said = (0,text_escape/* plain */.pj)(reason.replace(/\s+/g, ' ').trim(), 500);
    const sentence = `The store ${store} refuses ${callerOf(auth)}: ${said === '' ? `status ${status}` : said}`;
    // What a role does not accept is 400; other answers come from paths without a login.
    const astray = auth.method !== 'token' && status !== 400;
    const hint = { hint: 'Check `auth.mount` and `namespace` of the store: there seems to be no such login.' };
    return new domain_failure/* Failure */.HR('TRUST_REFUSED', sentence.replace(/\.*$/, '.'), astray ? hint : {});
}
/** For a login that is accepted and gives no token. */
function withoutToken({ store, auth }, { mfa_requirement: factor }) {
    const why = factor === undefined ? 'it gives no token' : 'it wants a second factor, which a job does not have';
    return new domain_failure/* Failure */.HR('TRUST_REFUSED', `The store ${store} does not let in ${callerOf(auth)}: ${why}.`);
}
/** For a token that was taken before. */
function usedUp(store) {
    return new domain_failure/* Failure */.HR('TRUST_REFUSED', `The store ${store} no longer takes the token that it gave to this run.`, {
        hint: 'Somebody revoked it, or the role gives tokens for too few requests (`token_num_uses`) or too short a time.',
    });
}
function callerOf(auth) {
    switch (auth.method) {
        case 'jwt':
            return `the role ${auth.role} at auth/${auth.mount}`;
        case 'approle':
            return `the AppRole at auth/${auth.mount}`;
        case 'cert':
            return `the certificate${auth.name === undefined ? '' : ` for ${auth.name}`} at auth/${auth.mount}`;
        case 'token':
            return 'the token that it was given';
    }
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/login.js






/** @throws Failure `TRUST_REFUSED` with the reason that the store gives; what `idToken` throws; StoreUnavailable */
async function logIn(vault, limits) {
    const { config, ports, api } = vault;
    const { auth } = config;
    if (auth.method === 'token')
        return await login_lookUp(vault, auth.token, limits);
    const { request, sent } = await loginOf(vault, auth);
    const answer = await api.ask(request, limits);
    if (answer.kind === 'refused')
        throw loginRefused({ store: ports.store, auth, sent }, answer);
    const given = objectAt(answer.body, 'auth');
    const value = textOf(given['client_token']);
    if (value === undefined)
        throw withoutToken({ store: ports.store, auth, sent }, given);
    const token = new secrets_secret/* Secret */.z(`token of ${ports.store}`, value);
    ports.mask(token);
    return {
        value: token,
        type: given['token_type'] === 'batch' ? 'batch' : 'service',
        origin: 'login',
        ends: endOf(ports.clock.now(), given['lease_duration']),
        renewable: given['renewable'] === true ? 'renewable' : 'fixed',
    };
}
async function loginOf({ config, ports }, auth) {
    switch (auth.method) {
        case 'jwt': {
            const jwt = await ports.idToken(config.audience ?? new URL(config.url).origin);
            ports.mask(jwt);
            return { request: login(auth.mount, { role: auth.role, jwt: jwt.reveal() }), sent: [jwt] };
        }
        case 'approle': {
            const { mount, roleId, secretId } = auth;
            ports.mask(secretId);
            return { request: login(mount, { role_id: roleId, secret_id: secretId.reveal() }), sent: [secretId] };
        }
        case 'cert':
            return { request: login(auth.mount, auth.name === undefined ? {} : { name: auth.name }), sent: [] };
    }
}
function login(mount, body) {
    return { verb: 'write', path: `auth/${encoded(mount.split('/'))}/login`, body };
}
/** Proves that a given token is taken, before anything is asked with it. A policy may keep it from looking at itself. */
async function login_lookUp({ config, ports, api }, value, limits) {
    ports.mask(value);
    const answer = await api.ask({ verb: 'read', path: 'auth/token/lookup-self', token: value }, limits);
    if (answer.kind === 'refused') {
        if (answer.status !== 403 || refusesToken(answer))
            throw loginRefused({ store: ports.store, auth: config.auth, sent: [value] }, answer);
        return { value, type: 'service', origin: 'given', ends: undefined, renewable: 'fixed' };
    }
    const { type, ttl, renewable } = objectAt(answer.body, 'data');
    return {
        value,
        type: type === 'batch' ? 'batch' : 'service',
        origin: 'given',
        ends: endOf(ports.clock.now(), ttl),
        renewable: renewable === true ? 'renewable' : 'fixed',
    };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/turns.js
function numberOfTurns(most) {
    let running = 0;
    const waiting = [];
    return {
        take: async (work) => {
            if (running >= most)
                await new Promise((resolve) => waiting.push(resolve));
            else
                running += 1;
            try {
                return await work();
            }
            finally {
                // Whoever waits takes over the turn; where nobody does it is given back.
                const next = waiting.shift();
                if (next === undefined)
                    running -= 1;
                else
                    next();
            }
        },
    };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault/session.js










/** Milliseconds that a login on its way is waited for when the run ends, so that its token can be revoked. */
const lastLogin = 2000;
/** Milliseconds that renewing and revoking may take. */
const renewing = 20_000;
const revoking = 5000;
/** A token that ends within so many milliseconds is not used any more. */
const margin = 5000;
function openSession(vault) {
    return new OpenSession(vault);
}
class OpenSession {
    config;
    ports;
    api;
    #turns = numberOfTurns(8);
    #ended = new AbortController();
    #login;
    #leases = [];
    constructor({ config, ports, api }) {
        this.config = config;
        this.ports = ports;
        this.api = api;
    }
    async ask(request, limits) {
        const token = await this.#token(limits);
        const answer = await this.#turns.take(() => this.api.ask({ ...request, token: token.value }, limits));
        if (answer.kind === 'refused' && refusesToken(answer))
            throw usedUp(this.ports.store);
        return answer;
    }
    hold(lease) {
        this.#leases = [...this.#leases, lease];
        void this.#login?.then((token) => this.#note(token));
    }
    async renew(until) {
        if (this.#leases.length === 0)
            return [];
        const limits = this.#limits(renewing);
        try {
            const token = await this.#renewToken(await this.#token(limits), until, limits);
            const renewed = await renewLeases(this, this.#leases, { until, tokenEnds: token.ends, limits });
            this.#leases = renewed.map(({ lease }) => lease);
            return renewed.flatMap(({ failure }) => failure ?? []);
        }
        catch (thrown) {
            return [(0,domain_failure/* asFailure */.h_)(thrown)];
        }
    }
    async close() {
        const token = await this.#lastToken();
        this.#ended.abort();
        const leases = this.#leases;
        [this.#login, this.#leases] = [undefined, []];
        const { store, handOver } = this.ports;
        if (token === undefined || handOver?.isKept(store) === true)
            return;
        const limits = { deadline: this.#deadline(revoking), signal: AbortSignal.timeout(revoking) };
        const result = await revoke(this.api, this.#revocable(token, leases), limits);
        if (result === 'revoked')
            handOver?.forget(store);
    }
    /** The login goes on when `limits.signal` aborts: a token that is on its way has to be revoked. */
    async #token(limits) {
        if (this.#ended.signal.aborted || limits.signal.aborted)
            throw cancelled();
        const before = this.#login;
        const login = before ?? this.#logIn(limits.deadline);
        this.#login = login;
        const token = await beforeAbort(login, limits.signal);
        const fresh = before === undefined || token.origin === 'given';
        if (fresh || !endsBefore(token.ends, this.#deadline(margin)))
            return token;
        if (this.#login === login) {
            this.#login = undefined;
            this.#leases = this.#leases.map((lease) => endedWith(token, lease));
        }
        return await this.#token(limits);
    }
    #logIn(deadline) {
        const login = logIn(this, { deadline, signal: this.#ended.signal }).then((token) => {
            this.#note(token);
            return token;
        });
        login.catch(() => {
            if (this.#login === login)
                this.#login = undefined;
        });
        return login;
    }
    #note(token) {
        const revocable = this.#revocable(token, this.#leases);
        if (revocable.what.length > 0)
            this.ports.handOver?.note(this.ports.store, revocable);
    }
    async #renewToken(token, until, limits) {
        if (token.renewable === 'fixed' || !endsBefore(token.ends, until))
            return token;
        const now = this.ports.clock.now();
        const body = { increment: secondsUntil(now, until) };
        const request = { verb: 'write', path: 'auth/token/renew-self', body };
        const answer = await this.ask(request, limits).catch(() => undefined);
        if (answer?.kind !== 'ok')
            return token;
        const renewed = { ...token, ends: endOf(now, objectAt(answer.body, 'auth')['lease_duration']) };
        this.#login = Promise.resolve(renewed);
        return renewed;
    }
    /** Batch tokens cannot be revoked, and a given one is not ours to revoke: then each lease is. */
    #revocable(token, leases) {
        const whole = token.origin === 'login' && token.type === 'service';
        const what = whole ? 'token' : leases.map(({ id }) => id);
        return { access: accessOf(this.config), token: token.value.reveal(), what };
    }
    async #lastToken() {
        if (this.#login === undefined)
            return undefined;
        return await beforeAbort(this.#login, AbortSignal.timeout(lastLogin)).catch(() => undefined);
    }
    #limits(ms) {
        return { deadline: this.#deadline(ms), signal: this.#ended.signal };
    }
    #deadline(ms) {
        return new Date(this.ports.clock.now().getTime() + ms);
    }
}
/** A lease ends with the token that it was lent under. */
function endedWith({ ends }, lease) {
    return ends === undefined || endsBefore(lease.ends, ends) ? lease : { ...lease, ends, renewable: 'fixed' };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});











/** Milliseconds that revoking may take. */
const vault_revoking = 5000;
/**
 * Vault or OpenBao. Nothing is asked before the first read; the login is made then, once.
 * @throws Failure `CONFIG_INVALID` for an address that no token may be sent to
 */
function openVault(config, ports) {
    const { cert, key } = config.auth.method === 'cert' ? config.auth : config;
    const client = (0,request/* openStoreClient */.t)({
        ...ports,
        ...(config.ca === undefined ? {} : { ca: config.ca }),
        ...(cert === undefined ? {} : { cert }),
        ...(key === undefined ? {} : { key }),
    });
    const session = openSession({ config, ports, api: openApi(ports.store, config, client) });
    const store = { session, mounts: openMounts(session) };
    return {
        read: (references, limits) => readAll(store, references, limits),
        check: (references, limits) => checkAll(store, references, limits),
        renew: (until) => session.renew(until),
        [Symbol.asyncDispose]: async () => {
            await session.close();
            client[Symbol.dispose]();
        },
    };
}
/** Revokes what an earlier process has left at a store. */
async function revokeLeft(revocable, ports) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { access } = revocable;
        const key = access.key === undefined ? undefined : new secrets_secret/* Secret */.z('key', access.key);
        const client = __addDisposableResource(env_1, (0,request/* openStoreClient */.t)({
            ...ports,
            ...(access.ca === undefined ? {} : { ca: access.ca }),
            ...(access.cert === undefined ? {} : { cert: access.cert }),
            ...(key === undefined ? {} : { key }),
        }), false);
        const limits = { deadline: new Date(ports.clock.now().getTime() + vault_revoking), signal: AbortSignal.timeout(vault_revoking) };
        return await revoke(openApi(ports.store, access, client), revocable, limits);
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        __disposeResources(env_1);
    }
}
/**
 * node-vault over a transport of ours. It would otherwise take address, token, namespace and prefix from the environment, follow redirects
 * with the token, keep the first token in headers that requests share, and wait without end: so it gets everything with each request.
 */
function openApi(store, config, client) {
    const vault = src_default()({
        endpoint: endpointOf(store, config),
        noCustomHTTPVerbs: true,
        debug: () => undefined,
        'request-promise': { defaults: () => (options) => send(store, client, options) },
    });
    Object.assign(vault, { token: '', namespace: '', pathPrefix: '' });
    return {
        ask: async (request, limits) => {
            const options = { headers: headersOf(config, request), limits };
            try {
                const body = await call(vault, request, options);
                return { kind: 'ok', body: isObject(body) ? body : {} };
            }
            catch (thrown) {
                const { response } = thrown;
                if (response === undefined)
                    throw thrown instanceof domain_failure/* Failure */.HR ? thrown : notVault(store);
                return refused(response.statusCode, response.body);
            }
        },
    };
}
function call(vault, { verb, path, body }, options) {
    switch (verb) {
        case 'read':
            return vault.read(path, options);
        case 'list':
            return vault.list(path, options);
        case 'write':
            return vault.write(path, body ?? {}, options);
    }
}
function headersOf({ headers, namespace }, { token }) {
    return {
        ...headers,
        'x-vault-request': 'true',
        ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }),
        ...(token === undefined ? {} : { 'x-vault-token': token.reveal() }),
    };
}
/** `path` in the answer is left empty: node-vault takes every answer whose path contains `sys/health` for a good one. */
async function send(store, client, { method, uri, headers, json, limits }) {
    const body = isObject(json) ? { body: JSON.stringify(json) } : {};
    const type = isObject(json) ? { 'content-type': 'application/json' } : {};
    const request = { method, url: uri, headers: { ...headers, ...type }, ...body, again: isStandby };
    const answer = await client.ask(request, limits).catch((thrown) => {
        throw explained(store, thrown);
    });
    const parsed = parseExact(answer.body);
    if (answer.status === 200 && !isObject(parsed))
        throw notVault(store);
    return { statusCode: answer.status, body: parsed, request: { path: '' } };
}
function endpointOf(store, { url, headers }) {
    const { origin, pathname, search, hash } = (0,request/* storeUrl */.T4)(store, url);
    if (search !== '' || hash !== '')
        throw new domain_failure/* Failure */.HR('CONFIG_INVALID', `The address of the store ${store} has a query or a fragment.`);
    const ours = Object.keys(headers ?? {}).find((header) => /^x-vault-(token|namespace|request)$/i.test(header));
    if (ours !== undefined)
        throw new domain_failure/* Failure */.HR('CONFIG_INVALID', `The store ${store} sets the header ${ours}, which is not for \`headers\`.`, {
            hint: 'Use `auth` for tokens and `namespace` for the namespace.',
        });
    return `${origin}${pathname.replace(/\/+$/, '')}`;
}


/***/ })

};
;