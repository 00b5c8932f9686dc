"use strict";
exports.id = 477;
exports.ids = [477];
exports.modules = {

/***/ 5168:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ inParallel),
/* harmony export */   U: () => (/* binding */ answerEach)
/* harmony export */ });
/* harmony import */ var _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7762);

/** How many requests a store gets at the same time. */
const width = 8;
/** What concerns one reference only; everything else ends the whole read. */
const ofOneReference = ['STORE_DENIED', 'SECRET_MISSING', 'REFERENCE_INVALID'];
/** An answer for each reference, in their order. What several of them name is read once. @throws Failure of the store as a whole */
async function answerEach(references, read) {
    const places = new Map(references.map((reference) => [placeOf(reference), reference]));
    const found = new Map();
    await inParallel([...places], async ([place, reference]) => {
        found.set(place, await answer(() => read(reference)));
    });
    return references.map((reference) => {
        const entries = found.get(placeOf(reference)) ?? [];
        return entries instanceof _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR ? { reference, failure: entries } : { reference, entries };
    });
}
/** Does `work` on all items, a few at a time. The first failure ends it after the work that is under way. */
async function inParallel(items, work) {
    const left = [...items];
    const worker = async () => {
        for (let item = left.shift(); item !== undefined; item = left.shift()) {
            await work(item).catch((thrown) => {
                left.length = 0;
                throw thrown;
            });
        }
    };
    const ends = await Promise.allSettled(Array.from({ length: width }, worker));
    for (const end of ends)
        if (end.status === 'rejected')
            throw end.reason;
}
async function answer(read) {
    try {
        return [await read()];
    }
    catch (thrown) {
        if (thrown instanceof _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR && ofOneReference.includes(thrown.code))
            return thrown;
        throw thrown;
    }
}
function placeOf({ locator, version, stage }) {
    return JSON.stringify([locator, version, stage]);
}


/***/ }),

/***/ 6161:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ untilDeadline)
/* harmony export */ });
/* harmony import */ var _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7762);
/* harmony import */ var _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6820);
/* harmony import */ var _retry_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(778);



const policy = { first: 250, most: 8000 };
/** Milliseconds that one attempt may take. */
const attemptLimit = 10_000;
/**
 * Makes attempts until one is done or the deadline leaves no time for another one.
 * @param attempt is told how many milliseconds it has
 * @throws Failure the last one of the attempts; `CANCELLED`
 */
async function untilDeadline(ports, limits, attempt) {
    const { deadline, signal } = limits;
    const left = () => deadline.getTime() - ports.clock.now().getTime();
    let before;
    const { result } = await (0,_retry_js__WEBPACK_IMPORTED_MODULE_2__/* .retry */ .L)({ ...ports, policy, deadline, signal, again: waits }, async () => {
        const made = await unlessCancelled(signal, () => attempt(Math.max(1, Math.min(attemptLimit, left()))));
        if (left() > 0 || before === undefined || !isUnreachable(made))
            before = made;
        return before;
    });
    if (result.kind === 'done')
        return result.value;
    throw result.failure;
}
/** What the deadline cuts short says nothing about the store: what it said before does. */
function isUnreachable(made) {
    return made.kind === 'again' && made.failure instanceof _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_1__/* .StoreUnavailable */ .u && made.failure.how === 'unreachable';
}
function waits(made) {
    if (made.kind === 'done')
        return 'no';
    return made.failure instanceof _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_1__/* .StoreUnavailable */ .u ? { after: made.failure.retryAfter } : 'yes';
}
async function unlessCancelled(signal, work) {
    const cancelled = () => new _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('CANCELLED', 'The run was cancelled while it asked a store.');
    if (signal.aborted)
        throw cancelled();
    const made = await work().catch((thrown) => {
        throw signal.aborted ? cancelled() : thrown;
    });
    if (signal.aborted && made.kind === 'again')
        throw cancelled();
    return made;
}


/***/ }),

/***/ 4687:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U9: () => (/* binding */ isLoopback),
/* harmony export */   dd: () => (/* binding */ tunnel),
/* harmony export */   di: () => (/* binding */ ProxyRefused),
/* harmony export */   iJ: () => (/* binding */ proxyFor)
/* harmony export */ });
/* harmony import */ var node_http__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7067);
/* harmony import */ var node_http__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_http__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7030);
/* harmony import */ var node_net__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_net__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1692);
/* harmony import */ var node_tls__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_tls__WEBPACK_IMPORTED_MODULE_2__);



/** The proxy that `variables` name for an https address, unless `no_proxy` or loopback. One that is no address of HTTP is left aside, as by the runner adapter. */
function proxyFor(url, variables) {
    const text = variables['https_proxy'] || variables['HTTPS_PROXY'] || '';
    if (url.protocol !== 'https:' || text === '' || isLoopback(url.hostname))
        return undefined;
    const spared = (variables['no_proxy'] || variables['NO_PROXY'] || '').split(/[\s,]+/).filter((word) => word !== '');
    if (spared.some((word) => covers(word, url)))
        return undefined;
    const proxy = URL.parse(text.includes('://') ? text : `http://${text}`);
    return proxy !== null && /^https?:$/.test(proxy.protocol) ? proxy : undefined;
}
function isLoopback(hostname) {
    return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
/** `*`, a host, or a domain with or without its dot; each may have a port. */
function covers(word, url) {
    if (word === '*')
        return true;
    const [, name = '', port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(word.toLowerCase()) ?? [];
    if (port !== undefined && port !== (url.port || '443'))
        return false;
    return name !== '' && (url.hostname === name || url.hostname.endsWith(`.${name}`));
}
/** What the proxy itself did; never the store's word. */
class ProxyRefused extends Error {
    constructor(what) {
        super(`the proxy ${what}`);
    }
}
/** A way to `host:port` through the proxy (RFC 9110, §9.3.6). */
function tunnel(proxy, host, port) {
    const to = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return new Promise((resolve, reject) => {
        const asking = (0,node_http__WEBPACK_IMPORTED_MODULE_0__.request)({
            method: 'CONNECT',
            path: to,
            headers: { host: to, ...credentials(proxy) },
            createConnection: () => reachProxy(proxy),
            timeout: 10_000,
        });
        asking.on('connect', (answer, socket) => {
            if (answer.statusCode === 200)
                return resolve(socket);
            socket.destroy();
            reject(new ProxyRefused(`answered with status ${answer.statusCode}`));
        });
        asking.on('response', (answer) => {
            asking.destroy();
            reject(new ProxyRefused(`answered with status ${answer.statusCode}`));
        });
        asking.on('timeout', () => asking.destroy(new ProxyRefused('gave no answer')));
        asking.on('error', (error) => reject(error instanceof ProxyRefused ? error : notReached(error)));
        asking.end();
    });
}
function reachProxy(proxy) {
    const host = proxy.hostname.replace(/^\[|\]$/g, '');
    if (proxy.protocol === 'http:')
        return (0,node_net__WEBPACK_IMPORTED_MODULE_1__.connect)({ host, port: Number(proxy.port || '80') });
    const servername = (0,node_net__WEBPACK_IMPORTED_MODULE_1__.isIP)(host) === 0 ? { servername: host } : {};
    return (0,node_tls__WEBPACK_IMPORTED_MODULE_2__.connect)({ host, port: Number(proxy.port || '443'), rejectUnauthorized: true, ...servername });
}
function credentials({ username, password }) {
    if (username === '' && password === '')
        return {};
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
function notReached(error) {
    return new ProxyRefused(`cannot be reached (${error.code ?? 'no reason given'})`);
}


/***/ }),

/***/ 9601:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  t: () => (/* binding */ openStoreClient),
  T4: () => (/* binding */ storeUrl),
  w2: () => (/* binding */ triesAgain)
});

// EXTERNAL MODULE: external "node:http"
var external_node_http_ = __webpack_require__(7067);
// EXTERNAL MODULE: external "node:https"
var external_node_https_ = __webpack_require__(4708);
// EXTERNAL MODULE: ./build/domain/failure.js
var failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/domain/secrets/unavailable.js
var unavailable = __webpack_require__(6820);
// EXTERNAL MODULE: ./build/adapters/stores/client/attempts.js
var attempts = __webpack_require__(6161);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: external "node:tls"
var external_node_tls_ = __webpack_require__(1692);
// EXTERNAL MODULE: ./build/adapters/stores/client/proxy.js
var client_proxy = __webpack_require__(4687);
;// CONCATENATED MODULE: ./build/adapters/stores/client/connection.js





/** TLS 1.2 or newer, always verified; plain connections are for loopback only, which the caller sees to. */
function openConnections(tls, variables) {
    const plain = new external_node_http_.Agent({ keepAlive: true });
    const secure = new StoreAgent(tls, variables);
    return {
        agent: (url) => (url.protocol === 'http:' ? plain : secure),
        [Symbol.dispose]: () => {
            plain.destroy();
            secure.destroy();
        },
    };
}
class StoreAgent extends external_node_https_.Agent {
    #variables;
    constructor({ ca, cert, key }, variables) {
        super({
            keepAlive: true,
            maxSockets: 16,
            minVersion: 'TLSv1.2',
            rejectUnauthorized: true,
            ALPNProtocols: ['http/1.1'],
            ...(ca === undefined ? {} : { ca }),
            ...(cert === undefined ? {} : { cert }),
            ...(key === undefined ? {} : { key: key.reveal() }),
        });
        this.#variables = variables;
    }
    createConnection(options, created) {
        const host = options.host ?? '';
        const port = Number(options.port);
        const url = new URL(`https://${(0,external_node_net_.isIP)(host) === 6 ? `[${host}]` : host}:${port}`);
        const proxy = (0,client_proxy/* proxyFor */.iJ)(url, this.#variables);
        if (proxy === undefined)
            return super.createConnection(options, created);
        const servername = (0,external_node_net_.isIP)(host) === 0 ? host : '';
        (0,client_proxy/* tunnel */.dd)(proxy, host, port).then((socket) => created(null, (0,external_node_tls_.connect)({ ...this.options, host, servername, socket })), (error) => created(error, null));
        return undefined;
    }
}

// EXTERNAL MODULE: ./build/adapters/stores/client/unavailable.js
var client_unavailable = __webpack_require__(1621);
;// CONCATENATED MODULE: ./build/adapters/stores/client/request.js








/** Bytes of an answer: twenty secrets of 64 KiB, written as JSON, and then some. */
const bodyLimit = 8 * 1024 * 1024;
/** Follows no redirect, never sends to anything but `https://` and loopback, verifies every certificate. */
function openStoreClient(access) {
    if (access.variables['NODE_TLS_REJECT_UNAUTHORIZED'] === '0')
        throw unverified(access.store);
    const connections = openConnections(access, access.variables);
    const askOnce = async (request, ms, signal) => {
        const url = storeUrl(access.store, request.url);
        try {
            const response = await exchange({ request, url, connections, ms, signal });
            if (response.status < 300 || response.status > 399)
                return response;
            throw (0,client_unavailable/* redirected */.cP)(access.store, url, response.status, response.headers['location']);
        }
        catch (thrown) {
            throw thrown instanceof failure/* Failure */.HR ? thrown : (0,client_unavailable/* broken */.mw)(access.store, url, thrown);
        }
    };
    return {
        askOnce,
        ask: (request, limits) => (0,attempts/* untilDeadline */.H)(access, limits, async (ms) => {
            try {
                const response = await askOnce(request, ms, limits.signal);
                if (!triesAgain(response.status) && request.again?.(response) !== true)
                    return { kind: 'done', value: response };
                return { kind: 'again', failure: (0,client_unavailable/* notServed */.hp)(access, request.url, response) };
            }
            catch (thrown) {
                if (!(thrown instanceof unavailable/* StoreUnavailable */.u && (0,client_unavailable/* mayPass */.bg)(thrown)))
                    throw thrown;
                return { kind: 'again', failure: thrown };
            }
        }),
        [Symbol.dispose]: () => connections[Symbol.dispose](),
    };
}
/** An address that a token or a key may be sent to. @throws Failure `CONFIG_INVALID` */
function storeUrl(store, text) {
    const url = URL.parse(text);
    if (url !== null && url.username === '' && url.password === '') {
        if (url.protocol === 'https:' || (url.protocol === 'http:' && (0,client_proxy/* isLoopback */.U9)(url.hostname)))
            return url;
    }
    throw new failure/* Failure */.HR('CONFIG_INVALID', `The address of the store ${store} must begin with https:// and hold no user.`, {
        hint: 'Write the address as `https://host[:port]`; `http://` is for loopback only.',
    });
}
function triesAgain(status) {
    return status === 408 || status === 412 || status === 429 || status >= 500;
}
function exchange({ request, url, connections, ms, signal }) {
    return new Promise((resolve, reject) => {
        const ask = url.protocol === 'https:' ? external_node_https_.request : external_node_http_.request;
        const asking = ask(url, {
            method: request.method,
            headers: { 'user-agent': 'slipway', accept: 'application/json', ...request.headers },
            agent: connections.agent(url),
            signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]),
        });
        asking.on('error', reject);
        asking.on('response', (response) => collect(response).then(resolve, reject));
        asking.end(request.body);
    });
}
/** An answer that ends before its announced end rejects, as a connection that is cut. */
async function collect(response) {
    const chunks = [];
    let size = 0;
    for await (const chunk of response) {
        chunks.push(chunk);
        size += chunk.length;
        if (size > bodyLimit)
            throw new client_unavailable/* AnswerTooLarge */.UG();
    }
    const headers = Object.entries(response.headers).map(([name, value = '']) => [name, [value].flat().join(', ')]);
    return {
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(headers),
        body: Buffer.concat(chunks).toString('utf8'),
    };
}
function unverified(store) {
    return new unavailable/* StoreUnavailable */.u('not trusted', `NODE_TLS_REJECT_UNAUTHORIZED=0 switches the verification of certificates off: the store ${store} is not asked.`, { hint: 'Remove NODE_TLS_REJECT_UNAUTHORIZED from the job; name own authorities in `ca` or NODE_EXTRA_CA_CERTS.' });
}


/***/ }),

/***/ 1621:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   UG: () => (/* binding */ AnswerTooLarge),
/* harmony export */   bg: () => (/* binding */ mayPass),
/* harmony export */   cP: () => (/* binding */ redirected),
/* harmony export */   hp: () => (/* binding */ notServed),
/* harmony export */   mw: () => (/* binding */ broken)
/* harmony export */ });
/* harmony import */ var _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6820);
/* harmony import */ var _proxy_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4687);


/** Connections that did not come about or did not last. Everything else that can go wrong below HTTP is a matter of trust. */
const lost = new Set([
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'EPIPE',
    'ETIMEDOUT',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
]);
/** What becomes of an answer that means "try again", where no later one comes. */
function notServed({ store, clock }, url, { status, headers }) {
    return new _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreUnavailable */ .u('answered', `The store ${store} does not serve: ${new URL(url).host} answered with status ${status} until the deadline.`, { status, retryAfter: waitOf(headers['retry-after'], clock.now()) });
}
/** Milliseconds that a `Retry-After` asks for: seconds, or a date (RFC 9110, §10.2.3). */
function waitOf(header, now) {
    if (header === undefined)
        return 0;
    const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime();
    return Number.isNaN(ms) ? 0 : Math.max(0, ms);
}
function redirected(store, url, status, location) {
    const to = URL.parse(location ?? '', url.href)?.host ?? 'an address that it does not name';
    return new _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreUnavailable */ .u('not trusted', `The store ${store} redirects from ${url.host} to ${to}.`, {
        status,
        hint: 'No redirect is followed, as it would take the credentials along. Write the final address into `stores`.',
    });
}
/** An answer of more bytes than any secret has. */
class AnswerTooLarge extends Error {
    code = 'the answer is too large';
}
/** Whether another attempt may help: not where trust is at stake, but names are sometimes not found for a moment. */
function mayPass(failure) {
    return failure.how !== 'not trusted' || failure.cause?.code === 'EAI_AGAIN';
}
/** What Node says of a connection, with nothing in it of what was sent. */
function broken(store, url, thrown) {
    const { name, code = '' } = thrown;
    if (thrown instanceof _proxy_js__WEBPACK_IMPORTED_MODULE_1__/* .ProxyRefused */ .di)
        return unreachable(store, `on the way to ${url.host} ${thrown.message}`, thrown);
    if (name === 'AbortError' || name === 'TimeoutError')
        return unreachable(store, `${url.host} gave no answer in time`, thrown);
    if (lost.has(code))
        return unreachable(store, `no connection to ${url.host} lasted (${code})`, thrown);
    return new _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreUnavailable */ .u('not trusted', `The connection to ${url.host} of the store ${store} is not the right one (${code || 'no reason given'}).`, { cause: thrown, hint: 'Check the address of the store, its certificate and `ca`.' });
}
function unreachable(store, what, cause) {
    return new _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreUnavailable */ .u('unreachable', `The store ${store} cannot be reached: ${what}.`, { cause });
}


/***/ }),

/***/ 6670:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $E: () => (/* binding */ contentOf),
/* harmony export */   D7: () => (/* binding */ objectIn),
/* harmony export */   Gq: () => (/* binding */ invalid),
/* harmony export */   Q$: () => (/* binding */ dateOf),
/* harmony export */   SP: () => (/* binding */ shown),
/* harmony export */   Vh: () => (/* binding */ readJson),
/* harmony export */   Xy: () => (/* binding */ objectOf),
/* harmony export */   b6: () => (/* binding */ textOf),
/* harmony export */   l: () => (/* binding */ reason)
/* harmony export */ });
/* harmony import */ var _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7762);
/* harmony import */ var _domain_secrets_secret_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8520);
/* harmony import */ var _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6820);
/* harmony import */ var _domain_text_escape_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8835);




function objectOf(value) {
    return typeof value === 'object' && value !== null ? value : {};
}
function textOf(value) {
    return typeof value === 'string' ? value : undefined;
}
/** Seconds since 1970. */
function dateOf(seconds) {
    return typeof seconds === 'number' ? new Date(seconds * 1000) : undefined;
}
/** The object of a good answer. What does not parse is not shown: it may hold a value. */
function readJson(store, response) {
    const body = parsed(response.body);
    if (body !== undefined)
        return body;
    throw new _domain_secrets_unavailable_js__WEBPACK_IMPORTED_MODULE_2__/* .StoreUnavailable */ .u('not trusted', `The store ${store} answered with status ${response.status} and something that is not its JSON.`, { status: response.status, hint: 'Something else answers at this address. Check it, and the proxy in between.' });
}
/** The object of any answer; empty where it is none. */
function objectIn(response) {
    return parsed(response.body) ?? {};
}
/** What a store says about a refusal, as one safe line without the credentials that it was sent. */
function reason(text, ...sent) {
    const clean = sent.reduce((rest, secret) => rest.replaceAll(secret.reveal(), secret.toString()), text ?? '');
    return clean === '' ? 'it gives no reason' : (0,_domain_text_escape_js__WEBPACK_IMPORTED_MODULE_3__/* .plain */ .pj)(clean, 300);
}
/** The value as text. Bytes are taken where they are UTF-8. @throws Failure `SECRET_MISSING` where they are not */
function contentOf(reference, value) {
    const name = shown(reference);
    if (typeof value === 'string')
        return { kind: 'text', text: new _domain_secrets_secret_js__WEBPACK_IMPORTED_MODULE_1__/* .Secret */ .z(name, value) };
    try {
        return {
            kind: 'text',
            text: new _domain_secrets_secret_js__WEBPACK_IMPORTED_MODULE_1__/* .Secret */ .z(name, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value)),
        };
    }
    catch {
        throw new _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('SECRET_MISSING', `${name} holds bytes that are no text.`, {
            hint: 'Store the value as text, for example in base64.',
        });
    }
}
/** The reference without its selector, as people write it. */
function shown({ store, locator, version, stage }) {
    const choice = version !== undefined ? `?version=${version}` : stage !== undefined ? `?stage=${stage}` : '';
    return `${store}://${locator}${choice}`;
}
/** Why a reference cannot be one of this store; `why` follows on the reference. */
function invalid(reference, why) {
    return new _domain_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .Failure */ .HR('REFERENCE_INVALID', `${shown(reference)} ${why}.`);
}
function parsed(text) {
    try {
        const value = JSON.parse(text);
        return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
}


/***/ }),

/***/ 9477:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openSecretStores: () => (/* binding */ openSecretStores),
  revokeLeft: () => (/* binding */ revokeLeft)
});

// EXTERNAL MODULE: ./build/domain/failure.js
var domain_failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/domain/secrets/reference.js
var secrets_reference = __webpack_require__(8871);
// EXTERNAL MODULE: ./build/domain/secrets/select.js + 1 modules
var secrets_select = __webpack_require__(6);
// EXTERNAL MODULE: ./build/domain/secrets/secret.js
var secret = __webpack_require__(8520);
// EXTERNAL MODULE: ./build/domain/text/escape.js
var text_escape = __webpack_require__(8835);
;// CONCATENATED MODULE: ./build/adapters/stores/env.js



/** The store `env`: variables of the step, such as GitHub's secrets in its `env:`. */
function openEnv(ports) {
    return {
        read: async (references) => references.map((reference) => answer(reference, ports, 'read')),
        check: async (references) => references.map((reference) => answer(reference, ports, 'check')),
        renew: async () => [],
        [Symbol.asyncDispose]: async () => undefined,
    };
}
function answer(reference, { variables, mask }, purpose) {
    const { locator, version, stage } = reference;
    const refused = refusal(reference);
    if (refused !== undefined)
        return { reference, failure: new domain_failure/* Failure */.HR('REFERENCE_INVALID', `${shown(locator)} ${refused}.`) };
    if (version !== undefined || stage !== undefined)
        return { reference, failure: new domain_failure/* Failure */.HR('REFERENCE_INVALID', `${shown(locator)} has no versions and no stages.`) };
    const value = Object.hasOwn(variables, locator) ? (variables[locator] ?? '') : '';
    if (value === '')
        return { reference, failure: missing(locator) };
    const text = new secret/* Secret */.z(`env://${locator}`, value);
    mask(text);
    return { reference, entries: [entryOf(purpose === 'read' ? { kind: 'text', text } : { kind: 'not read' })] };
}
/** The runner's own variables hold its tokens; names in small letters are those of the system. */
function refusal({ locator }) {
    if (!/^[A-Z_][A-Z0-9_]*$/.test(locator))
        return 'is no name of a variable in capitals';
    return /^(?:INPUT|STATE|ACTIONS|GITHUB|RUNNER)_/.test(locator) ? 'is a variable of the runner' : undefined;
}
function missing(locator) {
    return new domain_failure/* Failure */.HR('SECRET_MISSING', `${shown(locator)} is empty or not set.`, {
        hint: `Give the step \`env: {${locator}: …}\`. A secret of GitHub that does not exist, or that this event may not read, is empty.`,
    });
}
function shown(locator) {
    return (0,text_escape/* plain */.pj)(`env://${locator}`, 200);
}
function entryOf(content) {
    return {
        path: '',
        content,
        version: undefined,
        created: undefined,
        expires: undefined,
        notBefore: undefined,
        rotation: { state: 'none', next: undefined },
        lease: undefined,
    };
}

;// CONCATENATED MODULE: ./build/adapters/stores/id-tokens.js
/** Milliseconds. GitHub's tokens live for 5 minutes. */
const longestUse = 4 * 60_000;
/** One identity token for each audience, asked for when it is needed, and anew before it ends. One that failed is asked for again. */
function shareTokens(ask, clock) {
    const held = new Map();
    return (audience) => {
        const now = clock.now().getTime();
        const known = held.get(audience);
        if (known !== undefined && now < known.until)
            return known.token;
        const token = ask(audience);
        held.set(audience, { token, until: now + longestUse });
        token.catch(() => held.delete(audience));
        return token;
    };
}

// EXTERNAL MODULE: ./build/adapters/stores/answers.js
var answers = __webpack_require__(5168);
// EXTERNAL MODULE: ./build/adapters/stores/content.js
var content = __webpack_require__(6670);
;// CONCATENATED MODULE: ./build/adapters/stores/azure-answers.js


/** What Key Vault says about a version of a secret. It hands values out before `nbf` and after `exp`: judging these is left to the caller. */
function versionOf(bundle) {
    const { id, attributes } = (0,content/* objectOf */.Xy)(bundle);
    const { enabled, created, exp, nbf } = (0,content/* objectOf */.Xy)(attributes);
    const entry = {
        path: '',
        content: { kind: 'not read' },
        version: /\/secrets\/[^/]+\/([0-9a-f]{32})$/i.exec((0,content/* textOf */.b6)(id) ?? '')?.[1],
        created: (0,content/* dateOf */.Q$)(created),
        expires: (0,content/* dateOf */.Q$)(exp),
        notBefore: (0,content/* dateOf */.Q$)(nbf),
        rotation: { state: 'none', next: undefined },
        lease: undefined,
    };
    return { state: enabled === false ? 'disabled' : 'enabled', entry };
}
/** The version that is named, or the newest one. @throws Failure `SECRET_MISSING` where there is none or it is disabled */
function newest(reference, found) {
    const wanted = reference.version?.toLowerCase();
    const named = found.filter(({ entry }) => wanted === undefined || entry.version?.toLowerCase() === wanted);
    const age = ({ entry }) => entry.created?.getTime() ?? 0;
    const [first] = named.toSorted((one, other) => age(other) - age(one));
    if (first === undefined)
        throw new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} is not in the vault.`);
    if (first.state === 'disabled')
        throw disabled(reference);
    return first.entry;
}
/** The failure behind an answer that is not 200. */
function refused(entra, reference, response) {
    const { code, innererror } = (0,content/* objectOf */.Xy)((0,content/* objectIn */.D7)(response)['error']);
    const inner = (0,content/* textOf */.b6)((0,content/* objectOf */.Xy)(innererror)['code']);
    const why = `status ${response.status}, ${(0,content/* reason */.l)(inner ?? (0,content/* textOf */.b6)(code))}`;
    if (inner === 'SecretDisabled')
        return disabled(reference);
    if (response.status === 404)
        return new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} is not in the vault (${why}).`);
    if (response.status === 400)
        return (0,content/* invalid */.Gq)(reference, `is refused by the vault (${why})`);
    const hint = hintFor(inner) ?? otherTenant(entra.tenant, response.headers['www-authenticate']);
    return new domain_failure/* Failure */.HR('STORE_DENIED', `The vault refuses ${(0,content/* shown */.SP)(reference)} (${why}).`, hint === undefined ? {} : { hint });
}
function hintFor(inner) {
    return inner === 'ForbiddenByFirewall'
        ? 'Let the address of the runner through the firewall of the vault.'
        : undefined;
}
/** A vault names in its challenge the tenant that it belongs to. It is told, and not followed: the token goes nowhere else. */
function otherTenant(tenant, challenge) {
    const url = URL.parse(/authorization="([^"]*)"/.exec(challenge ?? '')?.[1] ?? '');
    const named = /^\/([0-9A-Za-z.-]{1,64})$/.exec(url?.pathname ?? '')?.[1];
    if (named === undefined || named.toLowerCase() === tenant.toLowerCase())
        return undefined;
    return `The vault belongs to the tenant ${named}, and \`tenant\` of the store is ${tenant}.`;
}
function disabled(reference) {
    return new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} is disabled in the vault.`, {
        hint: 'Enable that version in the vault, or name another one.',
    });
}

// EXTERNAL MODULE: ./build/adapters/stores/client/request.js + 1 modules
var request = __webpack_require__(9601);
;// CONCATENATED MODULE: ./build/adapters/stores/azure-login.js




const clouds = {
    public: { authority: 'https://login.microsoftonline.com', audience: 'api://AzureADTokenExchange' },
    usgov: { authority: 'https://login.microsoftonline.us', audience: 'api://AzureADTokenExchangeUSGov' },
    china: { authority: 'https://login.chinacloudapi.cn', audience: 'api://AzureADTokenExchangeChina' },
};
/**
 * The client credentials flow with the job's identity token as assertion (Microsoft identity platform, workload identity federation).
 * @throws Failure `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `STORE_UNAVAILABLE`, `CANCELLED`
 */
async function loginToEntra(entra, limits) {
    const { config, ports, client, resource } = entra;
    const cloud = clouds[config.cloud ?? 'public'];
    const { origin } = (0,request/* storeUrl */.T4)(ports.store, config.authority ?? cloud.authority);
    const assertion = await ports.idToken(config.audience ?? cloud.audience);
    ports.mask(assertion);
    const form = new URLSearchParams({
        client_id: config.client,
        scope: `${resource}/.default`,
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion.reveal(),
    });
    const url = `${origin}/${encodeURIComponent(config.tenant)}/oauth2/v2.0/token`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await client.ask({ method: 'POST', url, headers, body: form.toString() }, limits);
    if (response.status !== 200)
        throw azure_login_refused(ports.store, response, assertion);
    const body = (0,content/* readJson */.Vh)(ports.store, response);
    const token = (0,content/* textOf */.b6)(body['access_token']);
    if (token === undefined)
        throw azure_login_refused(ports.store, response, assertion);
    const credentials = new secret/* Secret */.z(`access token of ${ports.store}`, token);
    ports.mask(credentials);
    const seconds = Number(body['expires_in'] ?? 0);
    return { credentials, ends: new Date(ports.clock.now().getTime() + seconds * 1000) };
}
/** Entra's text says which of issuer, subject and audience it does not know; its ids and times after that help nobody here. */
function azure_login_refused(store, response, assertion) {
    const said = (0,content/* textOf */.b6)((0,content/* objectIn */.D7)(response)['error_description'])?.split(/ Trace ID:|\r?\n/)[0];
    return new domain_failure/* Failure */.HR('TRUST_REFUSED', `Entra refuses the job for the store ${store}: ${(0,content/* reason */.l)(said, assertion)}`);
}

// EXTERNAL MODULE: ./build/adapters/stores/session.js
var stores_session = __webpack_require__(1843);
;// CONCATENATED MODULE: ./build/adapters/stores/azure.js







const suffixes = { public: 'vault.azure.net', usgov: 'vault.usgovcloudapi.net', china: 'vault.azure.cn' };
/** Pages of 25 versions: the service promises no order, so that all are looked through, up to here. */
const pageLimit = 40;
/** Secrets of one Azure Key Vault, by its REST API (data plane 7.4). Nothing is revoked at the end: tokens of Entra end by themselves. */
function openAzure(config, ports) {
    const vault = openVault(config, ports);
    return {
        read: (references, limits) => (0,answers/* answerEach */.U)(references, (reference) => read(vault, reference, limits)),
        check: (references, limits) => (0,answers/* answerEach */.U)(references, (reference) => look(vault, reference, limits)),
        renew: async () => [],
        [Symbol.asyncDispose]: async () => vault.close(),
    };
}
function openVault(config, ports) {
    const suffix = suffixes[config.cloud ?? 'public'];
    const { origin } = (0,request/* storeUrl */.T4)(ports.store, config.endpoint ?? `https://${config.vault}.${suffix}`);
    const client = (0,request/* openStoreClient */.t)({ ...ports, ...(config.ca === undefined ? {} : { ca: config.ca }) });
    const session = (0,stores_session/* openSession */.f)(ports.clock, (limits) => loginToEntra({ config, ports, client, resource: `https://${suffix}` }, limits));
    return {
        config,
        get: (path, limits) => {
            const ask = (token) => client.ask({ method: 'GET', url: `${origin}${path}`, headers: bearer(token) }, limits);
            return session.ask(limits, ask, ({ status }) => status === 401);
        },
        close: () => client[Symbol.dispose](),
    };
}
async function read(vault, reference, limits) {
    const name = nameOf(vault.config, reference);
    const response = await vault.get(`/secrets/${name}/${reference.version ?? ''}?api-version=7.4`, limits);
    if (response.status !== 200)
        throw refused(vault.config, reference, response);
    const bundle = (0,content/* readJson */.Vh)(reference.store, response);
    const value = (0,content/* textOf */.b6)(bundle['value']);
    if (value === undefined)
        throw new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} has no value.`);
    return { ...versionOf(bundle).entry, content: (0,content/* contentOf */.$E)(reference, value) };
}
/** Lists the versions, which come without values. Where the job may read but not list, it reads and forgets the value. */
async function look(vault, reference, limits) {
    const found = [];
    let path = `/secrets/${nameOf(vault.config, reference)}/versions?api-version=7.4&maxresults=25`;
    for (let page = 0; path !== undefined && page < pageLimit; page += 1) {
        const response = await vault.get(path, limits);
        if (response.status === 403)
            return { ...(await read(vault, reference, limits)), content: { kind: 'not read' } };
        if (response.status !== 200)
            throw refused(vault.config, reference, response);
        const list = (0,content/* readJson */.Vh)(reference.store, response);
        found.push(...(Array.isArray(list['value']) ? list['value'] : []).map(versionOf));
        path = nextPath((0,content/* textOf */.b6)(list['nextLink']));
    }
    return newest(reference, found);
}
function bearer(token) {
    return { authorization: `Bearer ${token.reveal()}` };
}
/** The next page, asked for at our own origin: the token goes nowhere else. */
function nextPath(link) {
    const url = link === undefined ? null : URL.parse(link);
    return url === null ? undefined : `${url.pathname}${url.search}`;
}
/** `NAME`, or `VAULT/NAME` of this very vault. */
function nameOf({ vault }, reference) {
    const [name = '', named = vault, ...more] = reference.locator.split('/').reverse();
    if (more.length > 0 || named.toLowerCase() !== vault.toLowerCase())
        throw (0,content/* invalid */.Gq)(reference, `is not in the vault ${vault} of this store`);
    if (!/^[0-9A-Za-z-]{1,127}$/.test(name))
        throw (0,content/* invalid */.Gq)(reference, 'is no name of a secret: Key Vault takes letters, digits and hyphens');
    if (reference.stage !== undefined)
        throw (0,content/* invalid */.Gq)(reference, 'has a stage, which Key Vault does not know');
    if (reference.version !== undefined && !/^[0-9a-f]{32}$/i.test(reference.version))
        throw (0,content/* invalid */.Gq)(reference, 'has a version that is not 32 hexadecimal digits');
    return name;
}

// EXTERNAL MODULE: ./build/domain/secrets/json-text.js
var json_text = __webpack_require__(568);
;// CONCATENATED MODULE: ./build/adapters/stores/command-output.js




/**
 * What a command has printed for the secret `name`: one line, whose line break at the end is not of the value, or JSON.
 * @throws Failure `SECRET_MISSING` where it is nothing, `STORE_INVALID` where it is something else; never with a part of it
 */
function contentOf(name, bytes, form) {
    const text = asText(name, bytes);
    return form === 'json' ? jsonContent(name, text) : textContent(name, text);
}
function asText(name, bytes) {
    try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    }
    catch {
        throw invalid(name, 'printed bytes that are no text');
    }
}
function textContent(name, output) {
    const text = output.replace(/\r?\n$/, '');
    if (text === '')
        throw new domain_failure/* Failure */.HR('SECRET_MISSING', `The command for ${name} printed nothing.`);
    if (/[\r\n]/.test(text))
        throw invalid(name, 'printed several lines', 'Let it print one line, or JSON with `output: json`.');
    return { kind: 'text', text: new secret/* Secret */.z(name, text) };
}
function jsonContent(name, output) {
    const json = (0,json_text/* parseJson */.qF)(output);
    if (json === undefined)
        throw invalid(name, 'printed no JSON');
    const members = (0,json_text/* membersOf */.lS)(json);
    if (json === null || members?.size === 0)
        throw new domain_failure/* Failure */.HR('SECRET_MISSING', `The command for ${name} printed an empty value.`);
    if (members === undefined)
        return { kind: 'text', text: new secret/* Secret */.z(name, (0,json_text/* textOf */.b6)(json)) };
    return { kind: 'fields', fields: new Map([...members].flatMap(([key, value]) => fieldOf(name, key, value))) };
}
function fieldOf(name, key, value) {
    return value === null ? [] : [[key, new secret/* Secret */.z(`${name}#${(0,text_escape/* plain */.pj)(key, 100)}`, (0,json_text/* textOf */.b6)(value))]];
}
function invalid(name, what, hint = 'Run the command by hand, and look at `output` of the store.') {
    return new domain_failure/* Failure */.HR('STORE_INVALID', `The command for ${name} ${what}.`, { hint });
}

;// CONCATENATED MODULE: ./build/adapters/stores/command.js





/** Bytes of one answer. */
const largest = 1_048_576;
/** Characters of what a command complains that are told. */
const complaintLimit = 400;
/** Any other store: a command of the configuration that prints one secret. No shell reads its words, and its output is shown nowhere. */
function openCommand(store, ports) {
    const read = (reference, limits) => entryFrom(reference, { store, ports, limits });
    return {
        read: (references, limits) => (0,answers/* answerEach */.U)(references, (reference) => read(reference, limits)),
        check: (references, limits) => (0,answers/* answerEach */.U)(references, async (reference) => ({
            ...(await read(reference, limits)),
            content: { kind: 'not read' },
        })),
        renew: async () => [],
        [Symbol.asyncDispose]: async () => undefined,
    };
}
async function entryFrom(reference, reading) {
    const name = (0,text_escape/* plain */.pj)(`${reference.store}://${reference.locator}`, 300);
    const words = wordsFor(reference, reading.store, name);
    const env = variablesFor(reading);
    const bytes = await outputOf(name, { words, env }, reading);
    return {
        path: '',
        content: contentOf(name, bytes, reading.store.output),
        version: undefined,
        created: undefined,
        expires: undefined,
        notBefore: undefined,
        rotation: { state: 'none', next: undefined },
        lease: undefined,
    };
}
/** The locator stays within its word, and is no option. */
function wordsFor({ locator, version, stage }, { run }, name) {
    const refused = (why) => new domain_failure/* Failure */.HR('REFERENCE_INVALID', `${name} ${why}.`);
    if (version !== undefined || stage !== undefined)
        throw refused('names a version or stage, and a command has none');
    if (locator.endsWith('/**'))
        throw refused('names many secrets, and a command gives one');
    const [program, ...words] = run;
    if (locator.startsWith('-') && words.some((word) => word.startsWith('{locator}')))
        throw refused('begins with "-", which the command would take for an option');
    return [program, ...words.map((word) => word.replaceAll('{locator}', () => locator))];
}
/** @throws Failure `STORE_DENIED` where one is not there */
function variablesFor({ store, ports }) {
    const given = store.env.map((name) => [name, ports.variables[name] ?? '']);
    const absent = given.filter(([, value]) => value === '').map(([name]) => name);
    if (absent.length > 0)
        throw new domain_failure/* Failure */.HR('STORE_DENIED', `The store ${store.name} needs ${absent.join(', ')}, empty or not set in this step.`, {
            hint: 'Give the step these variables in `env:`. A secret of GitHub that does not exist is empty.',
        });
    for (const [name, value] of given)
        ports.mask(new secret/* Secret */.z(`env://${name}`, value));
    return Object.fromEntries(given);
}
/** What the command prints, where it ends well. */
async function outputOf(name, started, { store, ports, limits }) {
    const { words, env } = started;
    const left = limits.deadline.getTime() - ports.clock.now().getTime();
    const output = new Output();
    const complaints = [];
    const { status, ended } = await ports.command.run({
        words,
        env,
        cwd: ports.workspace,
        timeout: Math.max(1, Math.min(store.timeout, left)),
        signal: AbortSignal.any([limits.signal, output.tooLarge]),
        onLine: (line) => complaints.push(line),
        onStdout: (bytes) => output.add(bytes),
    });
    if (output.tooLarge.aborted)
        throw invalid(name, 'printed more than 1 MiB');
    if (ended === 'cancelled')
        throw new domain_failure/* Failure */.HR('CANCELLED', 'The run was cancelled while it asked a store.');
    if (ended === 'time limit')
        throw new domain_failure/* Failure */.HR('STORE_UNAVAILABLE', `The command for ${name} did not end in time.`);
    if (status === 127)
        throw absent(words[0], store.name);
    const hidden = [...Object.values(env), output.bytes().toString().trim()];
    if (status !== 0)
        throw failed(name, status, redacted(complaints, hidden));
    return output.bytes();
}
/** What a command prints, up to a limit. */
class Output {
    #over = new AbortController();
    #chunks = [];
    #size = 0;
    /** Aborts where there is more. */
    get tooLarge() {
        return this.#over.signal;
    }
    add(bytes) {
        this.#size += bytes.length;
        if (this.#size > largest)
            this.#over.abort();
        else
            this.#chunks.push(bytes);
    }
    bytes() {
        return Buffer.concat(this.#chunks);
    }
}
function absent(program, store) {
    return new domain_failure/* Failure */.HR('RUNNER_UNFIT', `The runner has no \`${(0,text_escape/* plain */.pj)(program, 100)}\`, which the store ${store} needs.`);
}
function failed(name, status, complaint) {
    const said = complaint === '' ? 'and says nothing' : `and says: ${complaint}`;
    return new domain_failure/* Failure */.HR('SECRET_MISSING', `The command for ${name} ends with ${status} ${said}`, {
        hint: 'Read what it says: the secret may not be there, or the token of the store may not read it.',
    });
}
/** What a command complains of, on one line, without the values that it was given or has printed. */
function redacted(lines, secrets) {
    const parts = secrets.flatMap((secret) => [secret, ...secret.split('\n')]).filter((part) => part.trim().length > 3);
    const longestFirst = parts.toSorted((one, other) => other.length - one.length);
    const text = longestFirst.reduce((rest, part) => rest.replaceAll(part, '***'), lines.join('\n'));
    return (0,text_escape/* plain */.pj)(text.trim(), complaintLimit);
}

// EXTERNAL MODULE: ./build/domain/secrets/unavailable.js
var unavailable = __webpack_require__(6820);
;// CONCATENATED MODULE: ./build/adapters/stores/crc32c.js
/** The Castagnoli polynomial, its bits reversed (RFC 3720, §12.1). */
const polynomial = 0x82f63b78;
const table = Array.from({ length: 256 }, (_, byte) => {
    let rest = byte;
    for (let bit = 0; bit < 8; bit += 1)
        rest = (rest & 1) === 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    return rest >>> 0;
});
/** The checksum that Google stores beside every value, as an unsigned number of 32 bits. */
function crc32c(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes)
        sum = (table[(sum ^ byte) & 0xff] ?? 0) ^ (sum >>> 8);
    return (sum ^ 0xffffffff) >>> 0;
}

;// CONCATENATED MODULE: ./build/adapters/stores/gcp-answers.js




/** What Secret Manager says about a version and its secret; what it did not say is left open. */
function gcp_answers_entryOf({ name, version, secret, now }) {
    const next = instant((0,content/* objectOf */.Xy)(secret['rotation'])['nextRotationTime']);
    return {
        path: '',
        content: { kind: 'not read' },
        version: /\/versions\/(\d+)$/.exec((0,content/* textOf */.b6)(name) ?? '')?.[1],
        created: instant(version['createTime']),
        expires: instant(secret['expireTime']),
        notBefore: undefined,
        rotation: rotationOf(next, now),
        lease: undefined,
    };
}
/** Google only sends a message when the time comes: a time in the past means that nobody set the next one. */
function rotationOf(next, now) {
    if (next === undefined)
        return { state: 'none', next };
    return { state: next.getTime() < now.getTime() ? 'overdue' : 'scheduled', next };
}
/** The bytes of the value, or `undefined` where they are not those that the checksum was made of. */
function checkedPayload(payload) {
    const { data = '', dataCrc32c } = (0,content/* objectOf */.Xy)(payload);
    if (typeof data !== 'string')
        return undefined;
    const bytes = Buffer.from(data, 'base64');
    return String(crc32c(bytes)) === dataCrc32c ? bytes : undefined;
}
function corrupt(reference) {
    return new unavailable/* StoreUnavailable */.u('not trusted', `${(0,content/* shown */.SP)(reference)} does not arrive as it is stored: its checksum differs.`, {
        hint: 'Run again. If it stays so, something between Secret Manager and the runner changes what it says.',
    });
}
/** The failure behind an answer that is not a readable version. */
function gcp_answers_refused(reference, response) {
    const { error, state } = (0,content/* objectIn */.D7)(response);
    const { status, message } = (0,content/* objectOf */.Xy)(error);
    const why = `status ${response.status}, ${(0,content/* reason */.l)((0,content/* textOf */.b6)(status))}`;
    const off = /\b(DISABLED|DESTROYED)\b/.exec((0,content/* textOf */.b6)(state) ?? (0,content/* textOf */.b6)(message) ?? '')?.[1];
    if (off !== undefined)
        return new domain_failure/* Failure */.HR('SECRET_MISSING', `The version of ${(0,content/* shown */.SP)(reference)} is ${off.toLowerCase()}.`);
    if (response.status === 404)
        return new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} is not in Secret Manager (${why}).`);
    if (response.status === 400)
        return new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} cannot be read (${why}).`);
    return new domain_failure/* Failure */.HR('STORE_DENIED', `Secret Manager refuses ${(0,content/* shown */.SP)(reference)} (${why}).`);
}
function instant(text) {
    const date = new Date((0,content/* textOf */.b6)(text) ?? Number.NaN);
    return Number.isNaN(date.getTime()) ? undefined : date;
}

;// CONCATENATED MODULE: ./build/adapters/stores/gcp-login.js




const scope = 'https://www.googleapis.com/auth/cloud-platform';
/** Seconds: more than a run needs, and no more than an account grants without being asked. */
const lifetime = 900;
/**
 * Exchanges the job's identity token for one of Google (RFC 8693), and that for one of the service account where there is one.
 * @throws Failure `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `STORE_UNAVAILABLE`, `CANCELLED`
 */
async function loginToGoogle(google, limits) {
    const federated = await exchange(google, limits);
    return google.config.serviceAccount === undefined
        ? federated
        : await impersonate(google, federated.credentials, limits);
}
async function exchange({ config, ports, client }, limits) {
    const resource = `//iam.googleapis.com/${config.provider.replace(/^(?:https:)?\/\/iam\.googleapis\.com\//, '')}`;
    const { origin } = (0,request/* storeUrl */.T4)(ports.store, config.stsEndpoint ?? 'https://sts.googleapis.com');
    const subject = await ports.idToken(config.audience ?? `https:${resource}`);
    ports.mask(subject);
    const form = new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        audience: resource,
        scope,
        requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        subject_token: subject.reveal(),
        subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    });
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await client.ask({ method: 'POST', url: `${origin}/v1/token`, headers, body: form.toString() }, limits);
    const said = (0,content/* objectIn */.D7)(response);
    if (response.status !== 200)
        throw gcp_login_refused(ports.store, said['error_description'] ?? said['error'], subject);
    const { access_token: token, expires_in: seconds } = (0,content/* readJson */.Vh)(ports.store, response);
    return login(ports, token, new Date(ports.clock.now().getTime() + Number(seconds ?? 0) * 1000));
}
/** IAM Credentials, `generateAccessToken`. */
async function impersonate({ config, ports, client }, federated, limits) {
    const { origin } = (0,request/* storeUrl */.T4)(ports.store, config.iamEndpoint ?? 'https://iamcredentials.googleapis.com');
    const account = encodeURIComponent(config.serviceAccount ?? '');
    const response = await client.ask({
        method: 'POST',
        url: `${origin}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
        headers: { authorization: `Bearer ${federated.reveal()}`, 'content-type': 'application/json' },
        body: JSON.stringify({ scope: [scope], lifetime: `${lifetime}s` }),
    }, limits);
    if (response.status !== 200)
        throw gcp_login_refused(ports.store, (0,content/* objectOf */.Xy)((0,content/* objectIn */.D7)(response)['error'])['message'], federated);
    const { accessToken, expireTime } = (0,content/* readJson */.Vh)(ports.store, response);
    return login(ports, accessToken, new Date((0,content/* textOf */.b6)(expireTime) ?? Number.NaN));
}
function login({ store, mask }, token, ends) {
    if (typeof token !== 'string' || token === '' || Number.isNaN(ends.getTime()))
        throw new domain_failure/* Failure */.HR('TRUST_REFUSED', `Google gives the job no token for the store ${store}.`);
    const credentials = new secret/* Secret */.z(`access token of ${store}`, token);
    mask(credentials);
    return { credentials, ends };
}
function gcp_login_refused(store, said, sent) {
    return new domain_failure/* Failure */.HR('TRUST_REFUSED', `Google refuses the job for the store ${store}: ${(0,content/* reason */.l)((0,content/* textOf */.b6)(said), sent)}`);
}

;// CONCATENATED MODULE: ./build/adapters/stores/gcp.js







/** Secrets of one project in Google Secret Manager, by its REST API v1. Nothing is revoked at the end: Google's tokens end by themselves. */
function openGcp(config, ports) {
    const secrets = openSecrets(config, ports);
    return {
        read: (references, limits) => (0,answers/* answerEach */.U)(references, (reference) => gcp_read(secrets, reference, limits)),
        check: (references, limits) => (0,answers/* answerEach */.U)(references, (reference) => gcp_look(secrets, reference, limits)),
        renew: async () => [],
        [Symbol.asyncDispose]: async () => secrets.close(),
    };
}
function openSecrets(config, ports) {
    const host = config.location === undefined ? 'secretmanager' : `secretmanager.${config.location}.rep`;
    const { origin } = (0,request/* storeUrl */.T4)(ports.store, config.endpoint ?? `https://${host}.googleapis.com`);
    const client = (0,request/* openStoreClient */.t)({ ...ports, ...(config.ca === undefined ? {} : { ca: config.ca }) });
    const session = (0,stores_session/* openSession */.f)(ports.clock, (limits) => loginToGoogle({ config, ports, client }, limits));
    return {
        config,
        now: () => ports.clock.now(),
        get: (path, limits) => {
            const ask = (token) => client.ask({ method: 'GET', url: `${origin}/v1/${path}`, headers: gcp_bearer(token) }, limits);
            return session.ask(limits, ask, ({ status }) => status === 401);
        },
        close: () => client[Symbol.dispose](),
    };
}
/** The value with what can be known about it: age and rotation need a right that reading does not, and are left open without it. */
async function gcp_read(secrets, reference, limits) {
    const { secret, version } = pathOf(secrets.config, reference);
    const facts = Promise.all([optional(secrets, version, limits), optional(secrets, secret, limits)]);
    const [bytes, [versionFacts, secretFacts]] = await Promise.all([access(secrets, reference, limits), facts]);
    const entry = gcp_answers_entryOf({ name: bytes.name, version: versionFacts, secret: secretFacts, now: secrets.now() });
    return { ...entry, content: (0,content/* contentOf */.$E)(reference, bytes.value) };
}
/** A value whose checksum is wrong is asked for once more. */
async function access(secrets, reference, limits) {
    const path = `${pathOf(secrets.config, reference).version}:access`;
    for (let attempts = 0; attempts < 2; attempts += 1) {
        const response = await secrets.get(path, limits);
        if (response.status !== 200)
            throw gcp_answers_refused(reference, response);
        const { name, payload } = (0,content/* readJson */.Vh)(reference.store, response);
        const value = checkedPayload(payload);
        if (value !== undefined)
            return { name, value };
    }
    throw corrupt(reference);
}
/** Reads the version without its value; where the job may read values only, it reads and forgets the value. */
async function gcp_look(secrets, reference, limits) {
    const { secret, version } = pathOf(secrets.config, reference);
    const response = await secrets.get(version, limits);
    if (response.status === 403) {
        const { name } = await access(secrets, reference, limits);
        return gcp_answers_entryOf({ name, version: {}, secret: {}, now: secrets.now() });
    }
    if (response.status !== 200)
        throw gcp_answers_refused(reference, response);
    const facts = (0,content/* readJson */.Vh)(reference.store, response);
    if (facts['state'] !== 'ENABLED')
        throw gcp_answers_refused(reference, response);
    const secretFacts = await optional(secrets, secret, limits);
    return gcp_answers_entryOf({ name: facts['name'], version: facts, secret: secretFacts, now: secrets.now() });
}
/** Facts that are good to have: a value is not refused because they cannot be read. */
async function optional(secrets, path, limits) {
    try {
        const response = await secrets.get(path, limits);
        return response.status === 200 ? (0,content/* objectIn */.D7)(response) : {};
    }
    catch (thrown) {
        if (thrown instanceof unavailable/* StoreUnavailable */.u)
            return {};
        throw thrown;
    }
}
function gcp_bearer(token) {
    return { authorization: `Bearer ${token.reveal()}` };
}
/** `NAME`, or `PROJECT/NAME` of this very project. A version is a number, an alias, or `latest`. */
function pathOf({ project, location }, reference) {
    const [name = '', named = project, ...more] = reference.locator.split('/').reverse();
    if (more.length > 0 || named !== project)
        throw (0,content/* invalid */.Gq)(reference, `is not in the project ${project} of this store`);
    if (!/^[0-9A-Za-z_-]{1,255}$/.test(name))
        throw (0,content/* invalid */.Gq)(reference, 'is no name of a secret: Google takes letters, digits, hyphens and underscores');
    if (reference.stage !== undefined)
        throw (0,content/* invalid */.Gq)(reference, 'has a stage, which Secret Manager does not know');
    const version = reference.version ?? 'latest';
    if (!/^[0-9A-Za-z_-]{1,63}$/.test(version))
        throw (0,content/* invalid */.Gq)(reference, 'has a version that is no number and no alias');
    const place = location === undefined ? `projects/${project}` : `projects/${project}/locations/${location}`;
    return { secret: `${place}/secrets/${name}`, version: `${place}/secrets/${name}/versions/${version}` };
}

;// CONCATENATED MODULE: ./build/adapters/stores/vault-config.js
/** The settings with the files and credentials that they name. */
async function vaultConfig(settings, readers) {
    const { url, namespace, audience, headers, ca, cert, key } = settings;
    return {
        url,
        namespace,
        audience,
        headers,
        auth: await authOf(settings.auth, readers),
        ca: ca === undefined ? undefined : await readers.pem(ca),
        cert: cert === undefined ? undefined : await readers.pem(cert),
        key: key === undefined ? undefined : await readers.credential(key),
    };
}
async function authOf(auth, { credential, pem }) {
    switch (auth.method) {
        case 'jwt':
            return auth;
        case 'token':
            return { method: 'token', token: await credential(auth.token) };
        case 'approle': {
            const { method, mount, roleId } = auth;
            return { method, mount, roleId, secretId: await credential(auth.secretId) };
        }
        case 'cert': {
            const { method, mount, name } = auth;
            return { method, mount, name, cert: await pem(auth.cert), key: await credential(auth.key) };
        }
    }
}

;// CONCATENATED MODULE: ./build/adapters/stores/open.js






/**
 * Opens the store `name`. Those that stand on a large package are loaded when they are needed.
 * @throws Failure of a credential that cannot be read; `CONFIG_INVALID`
 */
async function openStore(name, store, ports) {
    const own = { ...ports, store: name };
    switch (store.type) {
        case 'vault': {
            const { openVault } = await Promise.all(/* import() */[__webpack_require__.e(96), __webpack_require__.e(817)]).then(__webpack_require__.bind(__webpack_require__, 8817));
            return openVault(await vaultConfig(store, { ...ports, pem: pemOf(name, ports) }), own);
        }
        case 'aws': {
            const { openAws } = await Promise.all(/* import() */[__webpack_require__.e(994), __webpack_require__.e(77)]).then(__webpack_require__.bind(__webpack_require__, 3077));
            return openAws({ region: store.region, ...given(await withPem(name, store, ports)) }, own);
        }
        case 'azure': {
            const { vault, tenant, client } = store;
            return openAzure({ vault, tenant, client, ...given(await withPem(name, store, ports)) }, own);
        }
        case 'gcp': {
            const { project, provider } = store;
            return openGcp({ project, provider, ...given(await withPem(name, store, ports)) }, own);
        }
        case 'sops': {
            const { openSops } = await Promise.all(/* import() */[__webpack_require__.e(389), __webpack_require__.e(602)]).then(__webpack_require__.bind(__webpack_require__, 4602));
            const identity = await ports.credential(store.identity);
            ports.mask(identity);
            return openSops({ name, path: store.path, identity }, ports.files);
        }
        case 'command': {
            return openCommand({ name, ...store }, ports);
        }
    }
}
function pemOf(store, { files }) {
    return async (path) => {
        const text = await files.text(path);
        if (text !== undefined)
            return text;
        throw new domain_failure/* Failure */.HR('CONFIG_INVALID', `The store ${store} names ${(0,text_escape/* plain */.pj)(path, 200)}, which is not in the workspace.`, {
            hint: 'Check out the repository before this step, or mend the path.',
        });
    };
}
/** `ca` names a file in the configuration; a store takes what stands in it. */
async function withPem(name, store, ports) {
    return store.ca === undefined ? store : { ...store, ca: await pemOf(name, ports)(store.ca) };
}
/** Without the keys that nothing was given for. */
function given(all) {
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

// EXTERNAL MODULE: ./build/domain/secrets/store-facts.js
var store_facts = __webpack_require__(5421);
// EXTERNAL MODULE: ./build/domain/secrets/policies/aws.js
var aws = __webpack_require__(1264);
;// CONCATENATED MODULE: ./build/domain/secrets/trust/claims.js

const shownClaims = [
    ...['iss', 'aud', 'sub', 'repository', 'repository_id', 'repository_owner', 'repository_owner_id', 'environment'],
    ...['ref', 'ref_type', 'event_name', 'workflow_ref', 'job_workflow_ref', 'runner_environment', 'iat', 'exp'],
];
/** The claims of a payload that was not verified by us: it is what the store was shown. */
function readTrustClaims(payload) {
    const text = (name) => claims_shown(payload[name]) ?? '';
    return {
        issuer: text('iss'),
        audience: text('aud'),
        subject: text('sub'),
        repository: text('repository'),
        repositoryId: text('repository_id'),
        ownerId: text('repository_owner_id'),
        environment: claims_shown(payload['environment']),
        ref: text('ref'),
    };
}
/** `name: value` of every claim that a store may look at. None of them is secret. */
function claimLines(payload) {
    return shownClaims.flatMap((name) => {
        const value = claims_shown(payload[name]);
        return value === undefined ? [] : [`${name}: ${value}`];
    });
}
/**
 * GitHub writes `repo:OWNER/NAME:…`, and `repo:OWNER@ID/NAME@ID:…` for repositories that were made, renamed or transferred
 * after 15 July 2026 or opted in. A subject that an organisation made up has one form only.
 */
function subjects({ repository, repositoryId, ownerId, subject }) {
    const [owner = '', name = ''] = repository.split('/');
    const context = subject.slice(subject.indexOf(':', 'repo:'.length));
    const named = `repo:${repository}${context}`;
    const immutable = `repo:${owner}@${ownerId}/${name}@${repositoryId}${context}`;
    const complete = ownerId !== '' && repositoryId !== '';
    return {
        sent: subject,
        immutable: subject === named && complete ? immutable : undefined,
        named: subject === immutable ? named : undefined,
    };
}
/** Why the subject without ids is not among what is accepted. */
function namedNote({ named }) {
    return named === undefined
        ? []
        : [`# Without ids the subject was ${named}. Take it out: whoever takes over the name would be let in.`];
}
/** What a job is bound to besides its repository: its environment, or its branch where it has none. */
function boundTo({ environment, ref }) {
    return environment === undefined ? { claim: 'ref', value: ref } : { claim: 'environment', value: environment };
}
function claims_shown(value) {
    if (Array.isArray(value))
        return value.map(claims_shown).join(', ');
    if (typeof value === 'number')
        return String(value);
    return typeof value === 'string' && value !== '' ? (0,text_escape/* plain */.pj)(value, 500) : undefined;
}

;// CONCATENATED MODULE: ./build/domain/secrets/trust/aws.js


const audience = 'sts.amazonaws.com';
/** The trust policy of the role. It holds when GitHub changes to subjects with ids, too. */
function awsTrust({ role, region }, claims) {
    const [, partition = (0,aws/* partitionOf */.i)(region), account = 'ACCOUNT'] = /^arn:([\w-]+):iam::(\d{12}):/.exec(role ?? '') ?? [];
    const accepted = subjects(claims);
    const both = accepted.immutable === undefined ? accepted.sent : [accepted.sent, accepted.immutable];
    const provider = claims.issuer.replace(/^https?:\/\//, '');
    const policy = {
        Version: '2012-10-17',
        Statement: [
            {
                Effect: 'Allow',
                Principal: { Federated: `arn:${partition}:iam::${account}:oidc-provider/${provider}` },
                Action: 'sts:AssumeRoleWithWebIdentity',
                Condition: { StringEquals: { [`${provider}:aud`]: audience, [`${provider}:sub`]: both } },
            },
        ],
    };
    return [
        `# The trust policy of ${role ?? 'the role'}:`,
        ...JSON.stringify(policy, undefined, 2).split('\n'),
        ...namedNote(accepted),
        `# The account needs an identity provider for ${claims.issuer} with the audience ${audience}.`,
    ];
}

// EXTERNAL MODULE: ./build/domain/remote/shell.js
var shell = __webpack_require__(4617);
;// CONCATENATED MODULE: ./build/domain/secrets/trust/azure.js


const azure_audience = 'api://AzureADTokenExchange';
/** Federated credentials. Entra compares issuer, subject and audience exactly, so each form of the subject is one of its own. */
function azureTrust({ client }, claims) {
    const accepted = subjects(claims);
    return [
        credential(client, 'slipway', { issuer: claims.issuer, subject: accepted.sent }),
        ...(accepted.immutable === undefined
            ? []
            : [
                '# For when GitHub changes to subjects with ids:',
                credential(client, 'slipway-ids', { issuer: claims.issuer, subject: accepted.immutable }),
            ]),
        ...namedNote(accepted),
        '# A new credential is known to Entra after some minutes only.',
    ];
}
function credential(client, name, accepts) {
    const words = ['az', 'ad', 'app', 'federated-credential', 'create', '--id', client, '--parameters'];
    return `${(0,shell/* render */.X)(words)} ${(0,shell/* quote */.h)(JSON.stringify({ name, ...accepts, audiences: [azure_audience] }))}`;
}

;// CONCATENATED MODULE: ./build/domain/secrets/trust/gcp.js



/** Google takes no longer subject, in bytes. */
const longestSubject = 127;
/** The provider's mapping and condition, and for a service account who may be it. Neither looks at `sub`, of which there are two forms. */
function gcpTrust(store, claims) {
    const pool = (0,store_facts/* poolOf */.e)(store);
    const name = store.provider.slice(pool.length + '/providers/'.length);
    const { claim, value } = boundTo(claims);
    const long = new TextEncoder().encode(claims.subject).length > longestSubject;
    const subject = long ? `assertion.repository_id + ":" + assertion.${claim}` : 'assertion.sub';
    const mapping = [
        `google.subject=${subject}`,
        'attribute.repository_id=assertion.repository_id',
        `attribute.${claim}=assertion.${claim}`,
    ];
    const condition = `assertion.repository_id == ${literal(claims.repositoryId)} && assertion.${claim} == ${literal(value)}`;
    return [
        (0,shell/* render */.X)([
            ...['gcloud', 'iam', 'workload-identity-pools', 'providers', 'update-oidc', name],
            ...[`--project=${pool.split('/')[1]}`, '--location=global', `--workload-identity-pool=${pool.split('/').at(-1)}`],
            ...[`--issuer-uri=${claims.issuer}`, `--allowed-audiences=${claims.audience}`],
            ...[`--attribute-mapping=${mapping.join(',')}`, `--attribute-condition=${condition}`],
        ]),
        ...(long
            ? [`# The subject has more than ${longestSubject} bytes, which Google refuses: another one is mapped.`]
            : []),
        ...(store.serviceAccount === undefined ? [] : [impersonation(store.serviceAccount, pool, claims)]),
    ];
}
function impersonation(account, pool, claims) {
    const member = `principalSet://iam.googleapis.com/${pool}/attribute.repository_id/${claims.repositoryId}`;
    const words = ['gcloud', 'iam', 'service-accounts', 'add-iam-policy-binding', account];
    return (0,shell/* render */.X)([...words, '--role=roles/iam.workloadIdentityUser', `--member=${member}`]);
}
/** A text of CEL. */
function literal(text) {
    return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

;// CONCATENATED MODULE: ./build/domain/secrets/trust/vault.js


/**
 * A JWT role that binds ids and the environment rather than `sub`, of which there are two forms.
 * The alias is the repository's id: OpenBao since 2.6 refuses policies whose templates are filled with a slash, as OWNER/NAME has one.
 */
function vaultTrust({ mount, role, audience }, claims) {
    const { claim, value } = boundTo(claims);
    const body = {
        role_type: 'jwt',
        user_claim: 'repository_id',
        bound_audiences: [audience],
        bound_claims: { repository_id: claims.repositoryId, [claim]: value },
        claim_mappings: { repository_id: 'repository_id', [claim]: claim },
        token_policies: [role],
        token_ttl: '15m',
        token_max_ttl: '30m',
    };
    return [
        `${(0,shell/* render */.X)(['vault', 'write', `auth/${mount}/role/${role}`, '-'])} <<'JSON'`,
        ...JSON.stringify(body, undefined, 2).split('\n'),
        'JSON',
        '# `bao` takes the same. The policy of that name is what `mode: policy` of secrets-fetch prints.',
        `# The method must know the issuer: ${(0,shell/* render */.X)(['vault', 'write', `auth/${mount}/config`, `oidc_discovery_url=${claims.issuer}`, `bound_issuer=${claims.issuer}`])}`,
        ...(claims.audience === audience
            ? []
            : [
                `# The token was made for another audience than the store's: compare "aud" with ${JSON.stringify(audience)}.`,
            ]),
    ];
}

;// CONCATENATED MODULE: ./build/domain/secrets/trust/trust.js





/** For `TRUST_REFUSED`: the claims that the store was shown, and what would make it accept them, in its own words. */
function trustAdvice(store, payload) {
    const accepting = acceptingTrust(store, readTrustClaims(payload));
    return [
        'The claims that GitHub sent:',
        ...claimLines(payload),
        ...(accepting.length === 0 ? [] : ['', 'This would accept them:', ...accepting]),
    ];
}
function acceptingTrust(store, claims) {
    switch (store.type) {
        case 'vault':
            return vaultTrust(store, claims);
        case 'aws':
            return awsTrust(store, claims);
        case 'azure':
            return azureTrust(store, claims);
        case 'gcp':
            return gcpTrust(store, claims);
        case 'sops':
        case 'command':
        case 'env':
            return [];
    }
}

;// CONCATENATED MODULE: ./build/adapters/stores/trust.js



/** The same store; where it does not trust the job, the failure says what GitHub told it of the job, and what would make it trust. */
function explainTrust(store, settings, shown) {
    const explained = (thrown) => {
        throw thrown instanceof domain_failure/* Failure */.HR && thrown.code === 'TRUST_REFUSED' ? withAdvice(thrown, settings, shown) : thrown;
    };
    return {
        read: (references, limits) => store.read(references, limits).catch(explained),
        check: (references, limits) => store.check(references, limits).catch(explained),
        renew: (until) => store.renew(until),
        [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    };
}
function withAdvice(failure, settings, { token }) {
    const payload = token === undefined ? undefined : payloadOf(token);
    if (payload === undefined)
        return failure;
    return new domain_failure/* Failure */.HR(failure.code, failure.message, {
        hint: failure.hint,
        advice: trustAdvice((0,store_facts/* storeFacts */.x)(settings), payload),
        cause: failure.cause,
    });
}
/** The claims of a token as they are; who issued them verified nothing of it here. */
function payloadOf(token) {
    try {
        const [, payload = ''] = token.reveal().split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
        return typeof claims === 'object' && claims !== null ? claims : undefined;
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ./build/adapters/stores/secret-stores.js







/** The stores of a configuration, and `env`. Each is opened when it is first asked for. */
function openSecretStores(settings, ports) {
    return new LazyStores(settings, { ...ports, idToken: shareTokens(ports.idToken, ports.clock) });
}
/** Revokes what an earlier process has left at a store. */
async function revokeLeft(...words) {
    const vault = await Promise.all(/* import() */[__webpack_require__.e(96), __webpack_require__.e(817)]).then(__webpack_require__.bind(__webpack_require__, 8817));
    return await vault.revokeLeft(...words);
}
class LazyStores {
    #settings;
    #ports;
    #opened = new Map();
    constructor(settings, ports) {
        this.#settings = settings;
        this.#ports = ports;
    }
    open(store) {
        const opened = this.#opened.get(store) ?? this.#open(store);
        this.#opened.set(store, opened);
        return opened;
    }
    async [Symbol.asyncDispose]() {
        const stores = await Promise.allSettled(this.#opened.values());
        const open = stores.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        await Promise.all(open.map((store) => store[Symbol.asyncDispose]()));
    }
    /** What is read from `env` is hidden by who asks for it; `mask=false` holds for it, too. */
    async #open(name) {
        const { variables, idToken } = this.#ports;
        if (name === 'env')
            return openEnv({ variables, mask: () => undefined });
        const settings = Object.hasOwn(this.#settings, name) ? this.#settings[name] : undefined;
        if (settings === undefined)
            throw new domain_failure/* Failure */.HR('REFERENCE_INVALID', `No store is called ${name}.`, { hint: 'Name one of `stores:`.' });
        const shown = { token: undefined };
        const store = await openStore(name, settings, {
            ...this.#ports,
            credential: (reference) => this.#credential(reference),
            idToken: async (audience) => {
                shown.token = await idToken(audience);
                return shown.token;
            },
        });
        return explainTrust(store, settings, shown);
    }
    async #credential(reference) {
        const store = await this.open(reference.store);
        const [answer] = await store.read([reference], this.#ports.limits);
        if (answer === undefined)
            throw new domain_failure/* Failure */.HR('BUG', `${(0,secrets_reference/* renderReference */.Wj)(reference)} was not answered`);
        if ('failure' in answer)
            throw answer.failure;
        const [found] = (0,secrets_select/* select */.L)({ kind: 'single', name: (0,secrets_reference/* renderReference */.Wj)(reference) }, reference, answer.entries);
        if (found === undefined)
            throw new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,secrets_reference/* renderReference */.Wj)(reference)} gives nothing.`);
        this.#ports.mask(found.value);
        return found.value;
    }
}


/***/ }),

/***/ 1843:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ openSession)
/* harmony export */ });
/** Milliseconds before their end from which credentials are not used any more. */
const margin = 60_000;
/** Logs in when first asked. A login that fails is tried again by who asks next. */
function openSession(clock, login) {
    let held;
    const start = (limits) => {
        const started = login(limits);
        held = started;
        started.catch(() => {
            if (held === started)
                held = undefined;
        });
        return started;
    };
    const drop = async (known) => {
        const before = held;
        const same = (await before?.catch(() => undefined)) === known;
        if (same && held === before)
            held = undefined;
    };
    const current = async (limits) => {
        const known = await (held ?? start(limits));
        if (known.ends.getTime() - clock.now().getTime() > margin)
            return known;
        await drop(known);
        return await (held ?? start(limits));
    };
    return {
        ask: async (limits, ask, refused) => {
            const known = await current(limits);
            const answer = await ask(known.credentials);
            if (!refused(answer))
                return answer;
            await drop(known);
            return await ask((await (held ?? start(limits))).credentials);
        },
    };
}


/***/ })

};
;