"use strict";
exports.id = 795;
exports.ids = [795];
exports.modules = {

/***/ 2795:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  sshTransports: () => (/* binding */ sshTransports)
});

// EXTERNAL MODULE: ./build/domain/failure.js
var domain_failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/adapters/retry.js
var retry = __webpack_require__(778);
;// CONCATENATED MODULE: ./build/adapters/ssh/banner.js
// Parses what a server sent before the connection broke: a plain sentence, its version, its algorithms.
/** `bytes`: the first bytes from the server, unencrypted. */
function readBanner(bytes) {
    if (bytes.length === 0)
        return { kind: 'silence' };
    const text = bytes.toString('latin1');
    const version = /^SSH-[\d.]+-([^\r\n]*)\r?\n/m.exec(text);
    if (version !== null)
        return {
            kind: 'ssh',
            software: printable(version[1] ?? ''),
            algorithms: readAlgorithms(bytes.subarray(version.index + version[0].length)),
        };
    const line = printable(text.split(/\r?\n/)[0] ?? '');
    return /^(Exceeded MaxStartups|Not allowed at this time)/.test(line)
        ? { kind: 'dropped', reason: line }
        : { kind: 'foreign', text: line };
}
/** Text from a server, cut and without anything but printable ASCII. */
function printable(text) {
    return text
        .replaceAll(/[^\x20-\x7e]/g, '')
        .slice(0, 120)
        .trim();
}
const none = { kex: [], serverHostKey: [], cipher: [], hmac: [] };
/** SSH_MSG_KEXINIT (RFC 4253 §7.1): length, padding length, 20, cookie of 16 bytes, then name-lists. */
function readAlgorithms(packet) {
    if (packet.length < 26 || packet[5] !== 20)
        return none;
    const lists = [];
    for (let at = 22; lists.length < 6 && at + 4 <= packet.length;) {
        const length = packet.readUInt32BE(at);
        if (at + 4 + length > packet.length)
            break;
        lists.push(printableNames(packet.toString('latin1', at + 4, at + 4 + length)));
        at += 4 + length;
    }
    const [kex = [], serverHostKey = [], , cipher = [], , hmac = []] = lists;
    return { kex, serverHostKey, cipher, hmac };
}
function printableNames(list) {
    return list.split(',').filter((name) => /^[\w@.-]{1,64}$/.test(name) && !/^(ext-info|kex-strict)-/.test(name));
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/domain/ssh/known-hosts.js
var known_hosts = __webpack_require__(3068);
;// CONCATENATED MODULE: ./build/domain/ssh/key-text.js
/**
 * Repairs what copying a key into a secret breaks: CRLF, a missing last newline, blanks around it, `\n` written as two
 * characters, and
 * newlines that became blanks. Other blocks, such as `EC PARAMETERS` of openssl, are dropped.
 * Only `text` of the result holds any part of the key.
 */
function normalizePrivateKey(given) {
    const text = unfold(given.replaceAll('\r\n', '\n').replaceAll('\r', '\n')).trim();
    if (text === '')
        return { kind: 'invalid', why: 'it is empty' };
    if (/^PuTTY-User-Key-File-/.test(text))
        return { kind: 'putty' };
    if (/^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-\S+|sk-\S+) AAAA/.test(text) ||
        /^-+ ?BEGIN (SSH2 |RSA |)PUBLIC KEY/.test(text))
        return { kind: 'public' };
    const [, label] = /-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----/.exec(text) ?? /-----BEGIN ([A-Z0-9 ]+)-----/.exec(text) ?? [];
    if (label === undefined)
        return { kind: 'invalid', why: 'the BEGIN line is missing' };
    const from = text.indexOf(`-----BEGIN ${label}-----`);
    const to = text.indexOf(`-----END ${label}-----`);
    if (to < 0)
        return { kind: 'invalid', why: 'the END line is missing, so it was cut' };
    if (!label.endsWith('PRIVATE KEY'))
        return { kind: 'invalid', why: 'it is something else than a key' };
    const first = `-----BEGIN ${label}-----`;
    const body = text.slice(from + first.length, to).trim();
    const lines = body.includes('\n') ? body.split('\n').map((line) => line.trim()) : unjoin(body);
    return {
        kind: 'private',
        format: label.startsWith('OPENSSH') ? 'openssh' : 'pem',
        text: [first, ...lines, `-----END ${label}-----`, ''].join('\n'),
    };
}
/**
 * The lines of what became one line. The headers of an encrypted PEM key hold blanks of their own, and an empty line
 * ends them (RFC 1421 §4.4).
 */
function unjoin(body) {
    const lines = body.split(/(?<!:) +/);
    const headers = lines.filter((line) => line.includes(':'));
    return headers.length === 0 ? lines : [...headers, '', ...lines.slice(headers.length)];
}
/** Newlines that were written as `\n`. Base64 has no backslash, so this cannot be meant otherwise. */
function unfold(text) {
    return text.includes('\\n') && !text.trim().includes('\n')
        ? text.replaceAll('\\r', '').replaceAll('\\n', '\n')
        : text;
}

// EXTERNAL MODULE: ./node_modules/ssh2/lib/index.js
var lib = __webpack_require__(5472);
var lib_default = /*#__PURE__*/__webpack_require__.n(lib);
;// CONCATENATED MODULE: ./build/adapters/ssh/ssh2.js
// The only file that names the package `ssh2`.

function newClient() {
    return new (lib_default()).Client();
}
/** The key of this text, or what is wrong with it. Error messages of `ssh2` contain no part of the key. */
function parseKey(text, passphrase) {
    const parsed = lib_default().utils.parseKey(text, passphrase);
    if (!Array.isArray(parsed))
        return parsed;
    return parsed[0] ?? new Error('Malformed key');
}
/**
 * Lets the client log in with one message, without waiting for the service (a server that does not give it disconnects,
 * RFC 4253 §10) and without asking
 * whether the key would be accepted (RFC 4252 §7 does not require it). To be called right after `connect`.
 * Not for RSA: which of its signature algorithms a server accepts is known only after an extra message or by asking.
 */
function logInAtOnce(client, key) {
    const protocol = client._protocol;
    if (protocol === undefined || key.type === 'ssh-rsa')
        return;
    signAtOnce(protocol, key);
    const handlers = protocol._handlers;
    const [ask, goOn] = [protocol.service?.bind(protocol), handlers?.SERVICE_ACCEPT];
    if (ask === undefined || handlers === undefined || goOn === undefined)
        return;
    handlers.SERVICE_ACCEPT = () => undefined;
    protocol.service = (name) => {
        ask(name);
        goOn(protocol, name);
    };
}
function signAtOnce(protocol, key) {
    const offer = protocol.authPK?.bind(protocol);
    if (offer === undefined)
        return;
    protocol.authPK = (user, offered, algorithm, sign) => {
        const signs = sign !== undefined || typeof algorithm === 'function' || offered !== key;
        if (signs)
            return offer(user, offered, algorithm, sign);
        offer(user, offered, algorithm, (data, done) => {
            const signature = key.sign(data);
            if (signature instanceof Error)
                offer(user, offered, algorithm);
            else
                done(signature);
        });
    };
}

;// CONCATENATED MODULE: ./build/adapters/ssh/keys.js
// Turns what a user stored as a private key into one that can log in, or says what it is instead. No error holds any
// part of a key.




/**
 * Reads ed25519, ECDSA and RSA keys in OpenSSH's form, PKCS #1, SEC 1 or PKCS #8, with a passphrase or without.
 * @throws Failure `KEY_PUBLIC`, `KEY_PASSPHRASE`, `KEY_INVALID`
 */
function readPrivateKey(given, passphrase) {
    const normalized = normalizePrivateKey(given.reveal());
    switch (normalized.kind) {
        case 'public':
            throw new domain_failure/* Failure */.HR('KEY_PUBLIC', 'What is given as the private key is a public key.');
        case 'putty':
            throw new domain_failure/* Failure */.HR('KEY_INVALID', 'The private key is in the form of PuTTY.', {
                hint: 'Convert it: puttygen key.ppk -O private-openssh -o key',
            });
        case 'invalid':
            throw new domain_failure/* Failure */.HR('KEY_INVALID', `The private key cannot be read: ${normalized.why}.`);
        case 'private':
            break;
    }
    const phrase = passphrase?.reveal();
    const parsed = parse(normalized.format === 'openssh' ? normalized.text : fromPem(normalized.text, phrase), phrase);
    return { kind: 'key', key: parsed, fingerprint: `${parsed.type} ${fingerprint(parsed.getPublicSSH())}` };
}
/** `SHA256:…` as `ssh-keygen -l` shows it. */
function fingerprint(blob) {
    return `SHA256:${(0,external_node_crypto_.createHash)('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
function parse(text, passphrase) {
    const parsed = parseKey(text, passphrase);
    if (parsed instanceof Error) {
        if (/passphrase/i.test(parsed.message))
            throw phraseFailure(passphrase);
        const [, type] = /Unsupported (?:OpenSSH )?private key type: ([\w@.-]{1,40})$/.exec(parsed.message) ?? [];
        throw new domain_failure/* Failure */.HR('KEY_INVALID', `The private key cannot be read: ${type === undefined ? 'it is damaged' : `keys of the type ${type} are not supported`}.`);
    }
    if (!parsed.isPrivateKey() || parsed.type === 'ssh-dss')
        throw new domain_failure/* Failure */.HR('KEY_INVALID', 'The private key cannot be used: ssh-ed25519, ECDSA and RSA are supported.');
    return parsed;
}
function phraseFailure(passphrase) {
    return new domain_failure/* Failure */.HR('KEY_PASSPHRASE', passphrase === undefined
        ? 'The private key needs a passphrase, and none is given.'
        : 'The passphrase does not open the private key.');
}
/** A PEM key in a form that `ssh2` reads: it knows PKCS #1 and SEC 1, but not PKCS #8. */
function fromPem(text, passphrase) {
    const locked = /ENCRYPTED/.test(text);
    if (locked && passphrase === undefined)
        throw phraseFailure(undefined);
    let key;
    try {
        key = (0,external_node_crypto_.createPrivateKey)({ key: text, ...(passphrase === undefined ? {} : { passphrase }) });
    }
    catch {
        // The cause is left out on purpose: messages of OpenSSL could contain parts of the key.
        throw locked
            ? phraseFailure(passphrase)
            : new domain_failure/* Failure */.HR('KEY_INVALID', 'The private key cannot be read: it is damaged.');
    }
    switch (key.asymmetricKeyType) {
        case 'rsa':
            return key.export({ type: 'pkcs1', format: 'pem' }).toString().trim();
        case 'ec':
            return key.export({ type: 'sec1', format: 'pem' }).toString().trim();
        case 'ed25519':
            return openSshForm(key);
        default:
            throw new domain_failure/* Failure */.HR('KEY_INVALID', 'The private key cannot be used: ssh-ed25519, ECDSA and RSA are supported.');
    }
}
/** An ed25519 key as `openssh-key-v1` without encryption (PROTOCOL.key of OpenSSH). */
function openSshForm(key) {
    const { x = '', d = '' } = key.export({ format: 'jwk' });
    const [open, secret] = [Buffer.from(x, 'base64url'), Buffer.from(d, 'base64url')];
    const type = Buffer.from('ssh-ed25519');
    const check = Buffer.alloc(8);
    const inner = Buffer.concat([
        check,
        field(type),
        field(open),
        field(Buffer.concat([secret, open])),
        field(Buffer.alloc(0)),
    ]);
    const padding = Buffer.from(Array.from({ length: (8 - (inner.length % 8)) % 8 }, (_, index) => index + 1));
    const none = field(Buffer.from('none'));
    const outer = [Buffer.from('openssh-key-v1\0'), none, none, field(Buffer.alloc(0)), Buffer.from([0, 0, 0, 1])];
    const whole = Buffer.concat([
        ...outer,
        field(Buffer.concat([field(type), field(open)])),
        field(Buffer.concat([inner, padding])),
    ]);
    return `-----BEGIN OPENSSH PRIVATE KEY-----\n${whole.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----`;
}
function field(bytes) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
}

;// CONCATENATED MODULE: ./build/adapters/ssh/host-keys.js
// Checks the key that a host shows against known_hosts, at once, and keeps the reason of a refusal.




class HostKeyCheck {
    #keys;
    #target;
    #failure;
    constructor(known, target) {
        this.#keys = (0,known_hosts/* keysFor */.qm)(known, target, (salt, text) => (0,external_node_crypto_.createHmac)('sha1', salt).update(text).digest());
        this.#target = target;
    }
    /** The types of keys that known_hosts has for the host. */
    get types() {
        return this.#keys.trusted.map((key) => key.type);
    }
    /** Why `verify` refused. */
    get failure() {
        return this.#failure;
    }
    /** `blob`: the public key in its wire format. Never throws: `ssh2` would not take that for a refusal. */
    verify(blob) {
        const shown = (0,known_hosts/* hostKeyFrom */.OT)(blob);
        if (shown === undefined) {
            this.#failure = this.#fail('HOST_KEY_UNKNOWN', 'shows a host key that cannot be read');
            return 'refused';
        }
        const print = `${shown.type} ${fingerprint(blob)}`;
        this.#failure = this.#check(shown, print);
        return this.#failure === undefined ? 'trusted' : 'refused';
    }
    #check(shown, print) {
        const name = (0,known_hosts/* knownName */.$G)(this.#target.host, this.#target.port);
        const hint = unknownHint((0,known_hosts/* knownHostsLine */.TZ)(this.#target, shown));
        switch ((0,known_hosts/* checkHostKey */.Ex)(this.#keys, shown)) {
            case 'trusted':
                return undefined;
            case 'revoked':
                return this.#fail('HOST_KEY_REVOKED', `shows the key ${print}, which known_hosts marks as revoked`);
            case 'changed':
                return this.#fail('HOST_KEY_CHANGED', `shows the key ${print}, but known_hosts has another one for ${name}: ${this.#prints()}`);
            case 'authority only':
                return this.#fail('HOST_CERTIFICATE', `shows the key ${print}, and known_hosts has only a @cert-authority line for ${name}`, `${noCertificates} ${hint}`);
            case 'unknown':
                return this.#fail('HOST_KEY_UNKNOWN', `shows the key ${print}, and known_hosts has none for ${name}`, hint);
        }
    }
    #fail(code, what, hint) {
        return new domain_failure/* Failure */.HR(code, `${this.#target.label} ${what}.`, {
            server: this.#target.server,
            ...(hint === undefined ? {} : { hint }),
        });
    }
    #prints() {
        return this.#keys.trusted.map((key) => `${key.type} ${fingerprint(Buffer.from(key.blob, 'base64'))}`).join(', ');
    }
}
const noCertificates = 'Certificates of hosts are not supported yet, so that known_hosts must have the plain key, too.';
function unknownHint(line) {
    return `Compare this fingerprint with the one that the server itself shows (\`ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub\`). If they are the same, add to known_hosts: ${line}`;
}

;// CONCATENATED MODULE: ./build/adapters/ssh/algorithms.js
/** No SHA-1, no CBC. AES-GCM with 128 bits first: it is the fastest in Node. */
const algorithms = {
    kex: [
        'curve25519-sha256',
        'curve25519-sha256@libssh.org',
        'ecdh-sha2-nistp256',
        'ecdh-sha2-nistp384',
        'ecdh-sha2-nistp521',
        'diffie-hellman-group-exchange-sha256',
        'diffie-hellman-group14-sha256',
        'diffie-hellman-group16-sha512',
        'diffie-hellman-group18-sha512',
    ],
    cipher: [
        'aes128-gcm@openssh.com',
        'aes256-gcm@openssh.com',
        'aes128-ctr',
        'aes192-ctr',
        'aes256-ctr',
        'chacha20-poly1305@openssh.com',
    ],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
    compress: ['none'],
};
const hostKeyNames = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
];
/** What we offer, for messages and docs about what a server must allow. */
const offered = {
    ...algorithms,
    serverHostKey: hostKeyNames,
};
/** What is offered to a host for which known_hosts has keys of these types. */
function algorithmsFor(types) {
    return { ...algorithms, serverHostKey: hostKeyAlgorithms(types) };
}
/**
 * The known types first, as OpenSSH does. The others follow, so that a server with another key is reported as such and
 * not as having no common algorithm.
 */
function hostKeyAlgorithms(types) {
    const known = (name) => types.includes(name.startsWith('rsa-') ? 'ssh-rsa' : name);
    return [...hostKeyNames.filter(known), ...hostKeyNames.filter((name) => !known(name))];
}

;// CONCATENATED MODULE: ./build/adapters/ssh/connection.js
class OpenConnection {
    #client;
    #socket;
    #callbacks = new Set();
    #lost;
    #error;
    constructor(client, socket) {
        this.#client = client;
        this.#socket = socket;
        client.on('error', (error) => {
            this.#error ??= error.message;
        });
        const lose = () => {
            if (this.#lost !== undefined)
                return;
            this.#lost = this.#error ?? 'the connection was closed';
            for (const callback of this.#callbacks)
                callback();
            this.#callbacks.clear();
        };
        client.on('end', lose).on('close', lose);
    }
    get lost() {
        return this.#lost;
    }
    onLost(callback) {
        if (this.#lost === undefined)
            this.#callbacks.add(callback);
        else
            callback();
        return () => void this.#callbacks.delete(callback);
    }
    exec(command) {
        return this.#open((done) => this.#client.exec(command, done));
    }
    forward(host, port) {
        return this.#open((done) => this.#client.forwardOut('127.0.0.1', 0, host, port, done));
    }
    async #open(request) {
        const { promise, resolve } = Promise.withResolvers();
        const forget = this.onLost(() => resolve({ kind: 'lost', why: this.#lost ?? '' }));
        if (this.#lost === undefined)
            this.#request(request, resolve);
        try {
            return await promise;
        }
        finally {
            forget();
        }
    }
    #request(request, resolve) {
        try {
            request((error, channel) => {
                if (error === undefined || error === null)
                    return resolve({ kind: 'open', channel });
                if (error.message === 'No response from server')
                    return resolve({ kind: 'lost', why: this.#lost ?? error.message });
                resolve({
                    kind: 'refused',
                    reason: typeof error.reason === 'number' ? error.reason : undefined,
                    why: error.message.replace('(SSH) ', ''),
                });
            });
        }
        catch (error) {
            // `ssh2` throws "Not connected" where the connection is gone and its events have not been emitted yet.
            resolve({ kind: 'lost', why: error instanceof Error ? error.message : String(error) });
        }
    }
    /** Sends a disconnect and waits until it is sent, not for an answer. */
    async [Symbol.asyncDispose]() {
        if (this.#lost !== undefined)
            return;
        await new Promise((resolve) => {
            const timer = setTimeout(resolve, 1000);
            const finish = () => {
                clearTimeout(timer);
                resolve();
            };
            this.#client.once('close', finish);
            this.#socket.once('finish', finish);
            this.#client.end();
        });
        this.#socket.destroy();
    }
}

;// CONCATENATED MODULE: ./build/adapters/ssh/login.js




/** Handshake, host key, login. Resolves in every case; after anything but `open` the socket is destroyed. */
function logIn(socket, login) {
    return new Attempt(socket, login).make();
}
class Attempt {
    #client = newClient();
    #socket;
    #login;
    #result = Promise.withResolvers();
    #over = false;
    #stage = 'before login';
    #denied = false;
    #answer = { key: 'refused', left: [] };
    constructor(socket, login) {
        this.#socket = socket;
        this.#login = login;
    }
    async make() {
        const { signal } = this.#login;
        const abort = () => this.#settle({ kind: 'aborted' });
        signal.addEventListener('abort', abort, { once: true });
        if (signal.aborted)
            abort();
        else
            this.#begin();
        const result = await this.#result.promise;
        signal.removeEventListener('abort', abort);
        if (result.kind !== 'open')
            this.#socket.destroy();
        return result;
    }
    #begin() {
        // A connection often has a second error, and an error without a listener would end the process, so this listener is
        // never removed.
        this.#client.on('error', (error) => this.#settle(this.#verdict(error)));
        this.#client.on('close', () => this.#settle({ kind: 'lost', stage: this.#stage, why: undefined }));
        this.#client.on('ready', () => this.#settle({ kind: 'open', connection: new OpenConnection(this.#client, this.#socket) }));
        this.#client.connect(this.#config());
        const { key } = this.#login;
        if (key.kind === 'key')
            logInAtOnce(this.#client, key.key);
    }
    #settle(result) {
        this.#over = true;
        this.#result.resolve(result);
    }
    #config() {
        const offers = [offer(this.#login)];
        return {
            sock: this.#socket,
            username: this.#login.user,
            // Our own signal limits the time.
            readyTimeout: 0,
            keepaliveInterval: 10_000,
            keepaliveCountMax: 3,
            algorithms: algorithmsFor(this.#login.hostKeyTypes),
            hostVerifier: (blob) => {
                this.#denied = this.#login.verify(blob) !== 'trusted';
                return !this.#denied;
            },
            // Our one key is offered at once, without asking by `none` what is allowed; after it nothing else is offered.
            authHandler: (left, partial, next) => {
                this.#answer = { key: partial === true ? 'taken' : 'refused', left: left ?? [] };
                const method = offers.shift();
                if (method === undefined)
                    return next(false);
                this.#login
                    .mayLogIn(() => this.#offer(() => next(method)))
                    .catch((error) => this.#settle({ kind: 'not offered', failure: (0,domain_failure/* asFailure */.h_)(error) }));
            },
        };
    }
    async #offer(send) {
        if (!this.#over) {
            this.#stage = 'in login';
            send();
        }
        return (await this.#result.promise).kind;
    }
    #verdict(error) {
        if (this.#denied)
            return { kind: 'host denied' };
        if (error.level === 'client-authentication' || /too many authentication failures/i.test(error.message))
            return { kind: 'refused', ...this.#answer };
        if (error.level === 'agent')
            return { kind: 'no agent', why: error.message };
        if (error.level === 'handshake' && /no matching/.test(error.message))
            return { kind: 'no common algorithm' };
        return { kind: 'lost', stage: this.#stage, why: error.message };
    }
}
function offer({ key, user }) {
    return key.kind === 'agent'
        ? { type: 'agent', username: user, agent: key.socket }
        : { type: 'publickey', username: user, key: key.key };
}

;// CONCATENATED MODULE: ./build/adapters/ssh/target.js

/** `user@host:port`, with brackets around IPv6. */
function address(jump) {
    return `${jump.user}@${jump.host.includes(':') ? `[${jump.host}]` : jump.host}:${jump.port}`;
}
function failed(failure, again = 'useless') {
    return { kind: 'failed', failure, again };
}
/** A failure that begins with the name of the target. */
function failureOf(code, target, what, details = {}) {
    return new domain_failure/* Failure */.HR(code, `${target.label} ${what}.`, { server: target.server, ...details });
}
function cancelled(target) {
    return new domain_failure/* Failure */.HR('CANCELLED', `The run was cancelled while it connected to ${target.server}.`, {
        server: target.server,
    });
}

;// CONCATENATED MODULE: ./build/adapters/ssh/refusal.js
// Explains why a connection failed, from what `ssh2` reports and from what the server sent before that.



/** The failure of a login that did not succeed. */
function explain(result, about) {
    const { target, key, check, banner } = about;
    switch (result.kind) {
        case 'refused':
            return failed(refusal(result, target, key));
        case 'not offered':
            return failed(result.failure);
        case 'no agent':
            return failed(failureOf('KEY_INVALID', target, `needs a key, and the SSH agent cannot be used: ${printable(result.why)}`, {
                hint: 'Start the agent before this step, or give `ssh-private-key`.',
            }));
        case 'host denied':
            return failed(check.failure ?? failureOf('HOST_KEY_UNKNOWN', target, 'shows a host key that is not trusted'));
        case 'no common algorithm':
            return failed(mismatch(target, banner));
        case 'lost':
            return lost(result, target, banner);
    }
}
function refusal({ key: answer, left }, target, key) {
    const name = key.kind === 'key' ? `the key ${key.fingerprint}` : 'the keys of the agent';
    const others = printable(left.join(', '));
    if (answer === 'taken')
        return failureOf('AUTH_REFUSED', target, `takes ${name}, but asks for more than that: ${others}`, {
            hint: moreHint,
        });
    if (others !== '' && !left.includes('publickey'))
        return failureOf('AUTH_REFUSED', target, `takes no keys for this user, only: ${others}`, { hint: keysHint });
    return failureOf('AUTH_REFUSED', target, `refuses the login with ${name}`, key.kind === 'key' ? {} : { hint: agentHint });
}
const moreHint = 'Let this user in with a key alone: `AuthenticationMethods publickey`, in a `Match User` block of sshd_config on the server.';
const keysHint = 'Allow keys for this user in sshd_config on the server: `PubkeyAuthentication yes`, and no `AuthenticationMethods` without `publickey`.';
const agentHint = 'Check the user name, that the agent holds the right key (`ssh-add -l` in a step before this one) and only few others, since sshd accepts no more than MaxAuthTries attempts, and the log of sshd on the server.';
function lost({ why, stage }, target, banner) {
    switch (banner.kind) {
        case 'dropped': {
            const again = banner.reason.startsWith('Exceeded') ? 'may help' : 'useless';
            return failed(failureOf('SERVER_DROPPED', target, `closed the connection before the login: "${banner.reason}"`, {
                hint: dropHints[again],
            }), again);
        }
        case 'foreign':
            return failed(foreign(banner.text, target));
        case 'silence':
            return failed(failureOf('UNREACHABLE', target, `closed the connection without a message${inBrackets(why)}`), 'may help');
        case 'ssh': {
            const when = stage === 'in login' ? 'during the login' : 'during the handshake';
            const failure = failureOf('SERVER_DROPPED', target, `closed the connection ${when}${inBrackets(why)}`, {
                hint: brokenHint,
            });
            return failed(failure, stage === 'in login' ? 'useless' : 'may help');
        }
    }
}
function inBrackets(why) {
    return why === undefined ? '' : ` (${printable(why)})`;
}
function foreign(text, target) {
    return failureOf('UNREACHABLE', target, `is not an SSH server; it says "${text}"`, {
        hint: 'Check `host` and `port` in the configuration.',
    });
}
/**
 * The failure of an attempt that took longer than `milliseconds`. `banner`: what the server had sent by then;
 * `undefined`: there was no connection yet.
 */
function explainDelay(banner, target, milliseconds) {
    const limit = `within ${milliseconds / 1000} s`;
    switch (banner?.kind) {
        case undefined:
            return failed(failureOf('UNREACHABLE', target, `did not answer ${limit}`), 'may help');
        case 'silence':
            return failed(failureOf('UNREACHABLE', target, `accepted the connection but sent nothing ${limit}`, { hint: silenceHint }), 'may help');
        case 'foreign':
            return failed(foreign(banner.text, target));
        case 'dropped':
        case 'ssh':
            return failed(failureOf('UNREACHABLE', target, `did not complete the login ${limit}`, { hint: delayHint }), 'may help');
    }
}
const silenceHint = 'Check that `port` is the one of sshd, and whether sshd hangs on the server.';
const delayHint = 'Look at the load of the server and at the log of sshd, or give it more time with `ssh.connect_timeout`.';
const brokenHint = 'Read the log of sshd on the server, and look for what cuts connections on the way to it: a firewall, a load balancer, fail2ban.';
const dropHints = {
    'may help': 'Too many connections at the same time. Lower `ssh.max_connecting`, or raise MaxStartups on the server.',
    useless: 'sshd has locked the address of the runner out for a while (PerSourcePenalties), mostly after refused logins. Fix the key first, then wait.',
};
/**
 * The failure of a connect below SSH. A name may have several addresses: then each of them failed, and Node reports the
 * error of the first for all.
 */
function explainSocket(error, target) {
    const codes = (error instanceof AggregateError ? error.errors : [error]).map(codeOf);
    const [, known] = Object.entries(socketTroubles).find(([code]) => codes.includes(code)) ?? [];
    const what = known ?? `cannot be reached (${codes[0] === '' ? printable(String(error)) : codes[0]})`;
    return failed(failureOf('UNREACHABLE', target, what, { cause: error }), 'may help');
}
function codeOf(error) {
    return error instanceof Error && 'code' in error ? String(error.code) : '';
}
/**
 * The most informative error comes first: a runner without IPv6 has no route to one of two addresses, which says
 * nothing about the server.
 */
const socketTroubles = {
    ECONNREFUSED: 'refuses the connection: nothing listens on that port',
    ENOTFOUND: 'cannot be reached: no such host name',
    EAI_AGAIN: 'cannot be reached: the name server did not answer',
    EHOSTUNREACH: 'cannot be reached: no route to that host',
    ETIMEDOUT: 'cannot be reached: the connection timed out',
    ENETUNREACH: 'cannot be reached: no route to that network',
};
const titles = {
    kex: 'key exchange (KexAlgorithms)',
    serverHostKey: 'host keys (HostKeyAlgorithms)',
    cipher: 'ciphers (Ciphers)',
    hmac: 'message codes (MACs)',
};
function mismatch(target, banner) {
    const server = banner.kind === 'ssh' ? banner.algorithms : undefined;
    for (const kind of ['kex', 'serverHostKey', 'cipher', 'hmac']) {
        const theirs = server?.[kind] ?? [];
        if (theirs.length === 0 || theirs.some((name) => offered[kind].includes(name)))
            continue;
        const modern = kind === 'kex' && theirs.every((name) => /^(mlkem|sntrup)/.test(name)) ? 'only post-quantum ' : '';
        return failureOf('NO_COMMON_ALGORITHM', target, `offers ${modern === '' ? 'nothing that we know' : `${modern}algorithms, which we do not have,`} for ${titles[kind]}: ${theirs.slice(0, 8).join(', ')}`, {
            hint: `Allow one of these in sshd_config on the server: ${offered[kind].join(', ')}.`,
        });
    }
    return failureOf('NO_COMMON_ALGORITHM', target, 'has no algorithm in common with us');
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./build/adapters/ssh/socket.js

/**
 * Opens TCP to `host` (a name, IPv4 or IPv6). `noDelay` makes every later command 17 times faster. @throws the error of
 * the socket, or the signal's reason
 */
function dial(host, port, signal) {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
        const socket = (0,external_node_net_.connect)({ host, port, noDelay: true });
        const abort = () => {
            socket.destroy();
            reject(signal.reason);
        };
        signal.addEventListener('abort', abort, { once: true });
        socket.once('error', (error) => {
            signal.removeEventListener('abort', abort);
            reject(error);
        });
        socket.once('connect', () => {
            signal.removeEventListener('abort', abort);
            resolve(socket);
        });
    });
}
/** First bytes that are kept: enough for a banner, the version line and the list of algorithms. */
const kept = 8 * 1024;
/**
 * Captures the first bytes that come over `stream`. Call it after the stream was given to its reader, else it starts to
 * flow too early.
 */
function captureFirstBytes(stream) {
    const parts = [];
    let size = 0;
    const listen = (part) => {
        parts.push(part);
        size += part.length;
        if (size >= kept)
            stream.off('data', listen);
    };
    stream.on('data', listen);
    return () => Buffer.concat(parts).subarray(0, kept);
}
/**
 * Joins all writes of one tick into one. `ssh2` writes a packet in pieces, and through a bastion each piece would
 * become a packet of its own.
 */
function joinWrites(stream) {
    const write = stream.write.bind(stream);
    const end = stream.end.bind(stream);
    let parts = [];
    const flush = () => {
        const bytes = Buffer.concat(parts);
        parts = [];
        if (bytes.length > 0 && stream.writable)
            write(bytes);
    };
    const later = (bytes) => {
        if (parts.push(Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes)) === 1)
            queueMicrotask(flush);
        return true;
    };
    const endAfter = () => {
        flush();
        return end();
    };
    return Object.assign(stream, { write: later, end: endAfter });
}

;// CONCATENATED MODULE: ./build/adapters/ssh/connect.js






/** Never rejects. */
function attempt(credentials, request) {
    return credentials.limits.run(request.limitedBy, async () => {
        const { target, signal } = request;
        if (signal.aborted)
            return failed(cancelled(target));
        const limit = new AbortController();
        const timer = setTimeout(() => limit.abort(), credentials.connectTimeout);
        try {
            const both = AbortSignal.any([signal, limit.signal]);
            const result = await establish(credentials, { ...request, signal: both });
            if (result.kind !== 'out of time')
                return result;
            return signal.aborted
                ? failed(cancelled(target))
                : explainDelay(result.banner, target, credentials.connectTimeout);
        }
        finally {
            clearTimeout(timer);
        }
    });
}
/** A direct stream, without a bastion. */
async function directly(target, signal) {
    try {
        return { kind: 'open', to: await dial(target.host, target.port, signal) };
    }
    catch (error) {
        return signal.aborted ? failed(cancelled(target)) : explainSocket(error, target);
    }
}
async function establish(credentials, request) {
    const { target, signal } = request;
    const there = await within(request.openStream(signal), signal);
    if (there === 'out of time')
        return { kind: 'out of time', banner: undefined };
    if (there.kind === 'failed')
        return there;
    const check = new HostKeyCheck(credentials.knownHosts, target);
    const verify = (blob) => check.verify(blob);
    const login = logIn(there.to, {
        user: target.user,
        key: credentials.key,
        hostKeyTypes: check.types,
        verify,
        mayLogIn: request.mayLogIn,
        signal,
    });
    const firstBytes = captureFirstBytes(there.to);
    const result = await login;
    switch (result.kind) {
        case 'open':
            return { kind: 'open', to: result.connection };
        case 'aborted':
            return { kind: 'out of time', banner: readBanner(firstBytes()) };
        default:
            return explain(result, { target, key: credentials.key, check, banner: readBanner(firstBytes()) });
    }
}
/**
 * Does not wait longer than `signal`, because a silent bastion never answers. A stream that opens too late is closed.
 */
function within(opening, signal) {
    return new Promise((resolve) => {
        const stop = () => resolve('out of time');
        signal.addEventListener('abort', stop, { once: true });
        void opening.then((there) => {
            signal.removeEventListener('abort', stop);
            if (signal.aborted && there.kind === 'open')
                there.to.destroy();
            resolve(signal.aborted ? 'out of time' : there);
        });
    });
}

;// CONCATENATED MODULE: ./build/adapters/ssh/bastions.js



class Bastions {
    #jumps;
    #credentials;
    #open = new Map();
    #end = new AbortController();
    constructor(jumps, credentials) {
        this.#jumps = jumps;
        this.#credentials = credentials;
    }
    /**
     * The names of the connection limits for `target`: the number of handshakes at a time is limited through a bastion,
     * too.
     */
    limitNames(target) {
        return [...this.#jumps.map((jump) => `through ${jump.host}:${jump.port}`), `to ${target.host}:${target.port}`];
    }
    /**
     * Opens the bastions for `server` in advance, so that they do not count against the time limit of its own connection.
     */
    async prepare(server, signal) {
        if (this.#jumps.length === 0)
            return { kind: 'open', to: undefined };
        const last = await this.#bastion(this.#jumps.length - 1, server, signal);
        return last.kind === 'open' ? { kind: 'open', to: undefined } : last;
    }
    /** A stream to `target` through all bastions. */
    streamTo(target, signal) {
        return this.#through(this.#jumps.length - 1, target, signal);
    }
    async [Symbol.asyncDispose]() {
        this.#end.abort();
        const last = [...this.#open.entries()].sort(([one], [other]) => other - one);
        for (const [, opening] of last) {
            const bastion = await opening;
            if (bastion.kind === 'open')
                await bastion.to[Symbol.asyncDispose]();
        }
    }
    async #through(index, target, signal) {
        const jump = this.#jumps[index];
        if (jump === undefined)
            return directly(target, signal);
        const bastion = await this.#bastion(index, target.server, signal);
        if (bastion.kind === 'failed')
            return bastion;
        const forwarded = await bastion.to.forward(target.host, target.port);
        const name = `the bastion ${address(jump)}`;
        switch (forwarded.kind) {
            case 'open':
                return { kind: 'open', to: joinWrites(forwarded.channel) };
            case 'lost':
                return failed(failureOf('UNREACHABLE', target, `cannot be reached: ${name} is gone (${forwarded.why})`), 'may help');
            case 'refused':
                if (forwarded.reason === 1)
                    return failed(failureOf('UNREACHABLE', target, `cannot be reached: ${name} does not forward connections`, {
                        hint: forwardHint,
                    }));
                return failed(failureOf('UNREACHABLE', target, `cannot be reached from ${name} (${forwarded.why})`), 'may help');
        }
    }
    /**
     * Shared by all servers. A refused login or host key is final: retrying it for each server would get the runner's
     * address blocked.
     */
    async #bastion(index, server, signal) {
        const jump = this.#jumps[index];
        if (jump === undefined)
            throw new RangeError(`there is no bastion ${index}`);
        const target = { ...jump, server, label: `The bastion ${address(jump)}` };
        const opening = this.#open.get(index) ?? this.#begin(index, target);
        const aborted = new Promise((resolve) => signal.addEventListener('abort', () => resolve(failed(cancelled(target))), { once: true }));
        return signal.aborted ? failed(cancelled(target)) : Promise.race([opening, aborted]);
    }
    #begin(index, target) {
        const opening = attempt(this.#credentials, {
            target,
            limitedBy: [`to ${target.host}:${target.port}`],
            openStream: (signal) => this.#through(index - 1, target, signal),
            mayLogIn: async (login) => void (await login()),
            signal: this.#end.signal,
        });
        this.#open.set(index, opening);
        const forget = () => {
            if (this.#open.get(index) === opening)
                this.#open.delete(index);
        };
        void opening.then((result) => {
            if (result.kind === 'open')
                result.to.onLost(forget);
            else if (result.again === 'may help')
                forget();
        });
        return opening;
    }
}
const forwardHint = 'Allow it in sshd_config of the bastion: AllowTcpForwarding yes (or `local`), and PermitOpen for this target.';

;// CONCATENATED MODULE: ./build/adapters/ssh/connection-limits.js
// Limits of connecting: few handshakes at a time per host, and one login that succeeds before all others.

/** Limits how much runs at a time under one name. sshd drops a burst of connections (MaxStartups). */
class ConnectionLimits {
    #limit;
    #waiting = new Map();
    #active = new Map();
    constructor(limit) {
        this.#limit = limit;
    }
    /** Does `work` when all of the named limits allow it. Names must always come in the same order. */
    async run(names, work) {
        const [name, ...others] = names;
        if (name === undefined)
            return work();
        await this.#acquire(name);
        try {
            return await this.run(others, work);
        }
        finally {
            this.#release(name);
        }
    }
    async #acquire(name) {
        const active = this.#active.get(name) ?? 0;
        if (active < this.#limit)
            this.#active.set(name, active + 1);
        else
            await new Promise((resolve) => this.#waiting.set(name, [...(this.#waiting.get(name) ?? []), resolve]));
    }
    #release(name) {
        const next = this.#waiting.get(name)?.shift();
        if (next === undefined)
            this.#active.set(name, (this.#active.get(name) ?? 1) - 1);
        else
            next();
    }
}
/** The most milliseconds that all others wait for the first login; then another server goes first. */
const patience = 5000;
/**
 * One server logs in first: the others do everything up to the login and then wait until one login has succeeded.
 * A key that is refused is offered to no other server, since sshd (9.8+) and fail2ban block the runner's address.
 */
class FirstLogin {
    #clock;
    #patience;
    #first;
    #succeeded = false;
    #refused;
    /**
     * `connectTimeout`: the time limit of each server in milliseconds. It includes the wait for the first login, so that
     * wait may take only a part of it.
     */
    constructor(clock, connectTimeout) {
        this.#clock = clock;
        this.#patience = Math.min(patience, connectTimeout / 4);
    }
    /** @throws Failure `AUTH_REFUSED` where another server has refused the key already */
    async admit(server, attempt) {
        while (!this.#succeeded && this.#refused === undefined && this.#first !== undefined)
            await this.#first;
        if (this.#refused !== undefined)
            throw new domain_failure/* Failure */.HR('AUTH_REFUSED', `The login was not tried, because ${this.#refused} refused the key.`, {
                server,
                follows: this.#refused,
            });
        if (this.#succeeded) {
            await attempt();
            return;
        }
        const outcome = attempt().then((kind) => {
            if (kind === 'open')
                this.#succeeded = true;
            if (kind === 'refused' && !this.#succeeded)
                this.#refused = server;
        }, () => undefined);
        const limit = new AbortController();
        const turn = Promise.race([
            outcome,
            this.#clock.sleep(this.#patience, limit.signal).catch(() => undefined),
        ]).finally(() => {
            limit.abort();
            if (this.#first === turn)
                this.#first = undefined;
        });
        this.#first = turn;
        await turn;
    }
}

// EXTERNAL MODULE: external "node:string_decoder"
var external_node_string_decoder_ = __webpack_require__(6193);
;// CONCATENATED MODULE: ./build/domain/remote/end.js
/** Lines of output that are kept of one step. */
const tail = 200;
/**
 * Facts that are kept, and their characters together. Our programs send far fewer; forged frames could send any number.
 */
const most = { facts: 100, characters: 32 * 1024 * 1024 };
/** Collects the events of one program and derives from them how it ended. */
class ProgramCollector {
    #ends = [];
    #facts = new Map();
    #leftRunning = [];
    #characters = 0;
    #output = [];
    #group;
    #during;
    #lost;
    #done;
    /** A frame has arrived. */
    #begun = false;
    /** The final frame has arrived. */
    get finished() {
        return this.#done !== undefined;
    }
    add(event) {
        this.#begun ||= event.kind !== 'output';
        switch (event.kind) {
            case 'group':
                this.#group = event.group;
                return;
            case 'step':
                this.#during = event.step;
                this.#output = [];
                return;
            case 'output':
                this.#output.push(event.line);
                if (this.#output.length > tail)
                    this.#output.shift();
                return;
            case 'fact':
                this.#keep(event.key, event.value);
                return;
            case 'left running':
                if (!this.#leftRunning.includes(event.step))
                    this.#leftRunning.push(event.step);
                return;
            case 'end':
                if (!this.#ends.some(({ step }) => step === event.step))
                    this.#ends.push({ step: event.step, status: event.status, output: this.#output });
                this.#during = undefined;
                return;
            case 'lost':
                this.#lost = event.step;
                return;
            case 'done':
                this.#done = event.status;
                return;
        }
    }
    #keep(key, value) {
        const before = this.#facts.get(key);
        const characters = this.#characters + value.length - (before?.length ?? 0);
        if (characters > most.characters || (before === undefined && this.#facts.size >= most.facts))
            return;
        this.#characters = characters;
        this.#facts.set(key, value);
    }
    /** The verdict. Success needs the final frame *and* the exit status 0. */
    end(channel, cutStatus) {
        const report = { steps: this.#ends, facts: this.#facts, leftRunning: this.#leftRunning, group: this.#group };
        const unknown = { ...report, kind: 'unknown', during: this.#during, detail: channel.noise };
        if (this.#done === undefined || channel.code !== this.#done) {
            if (channel.connection === 'lost')
                return { ...unknown, why: 'connection lost' };
            if (channel.code === cutStatus && this.#group === undefined)
                return { ...unknown, why: 'cut' };
            if (channel.signal !== undefined)
                return { ...unknown, why: 'killed', detail: channel.signal };
            if (channel.code !== undefined && channel.code > 128 && this.#done === undefined)
                return { ...unknown, why: 'killed', detail: `signal ${channel.code - 128}` };
            if (channel.code === undefined && channel.connection === 'open')
                return { ...unknown, why: 'connection lost' };
            // A program reports its group before anything else. A login shell or a forced command that runs something else
            // does not.
            return { ...unknown, why: channel.code !== undefined && !this.#begun ? 'refused' : 'unfinished' };
        }
        if (this.#lost !== undefined)
            return { ...report, kind: 'lock lost', before: this.#lost };
        const at = this.#ends.find((end) => end.status !== 0 && end.step.policy !== 'note');
        if (at !== undefined)
            return { ...report, kind: 'failed', at };
        // A program that is ended between two steps still sends its final frame.
        if (this.#done !== 0)
            return { ...unknown, why: 'killed', detail: `signal ${this.#done - 128}` };
        return { ...report, kind: 'succeeded' };
    }
}

// EXTERNAL MODULE: ./build/domain/text/output-line.js
var output_line = __webpack_require__(5776);
;// CONCATENATED MODULE: ./build/domain/remote/frames.js

/** Bytes of one fact that are kept; more is cut. */
const factLimit = 8 * 1024 * 1024;
/**
 * Characters of a frame. A process of the same user on the server can read the token from our memory, so even frames
 * are not trusted.
 */
const frameLimit = 1024;
/**
 * Turns the stdout of a program, in chunks of any size, into its events.
 * A frame is `\n 0x1e TOKEN SPACE verb…\n`; all other text is output of the step under way, or the value of a fact.
 */
class FrameReader {
    #mark;
    #steps;
    #pending = '';
    #step;
    #fact;
    #line = '';
    /**
     * The line before the pending newline was emitted already, so that the last line of output is not delayed until more
     * output comes.
     */
    #early = false;
    constructor(token, steps) {
        this.#mark = `\n\x1e${token} `;
        this.#steps = steps;
    }
    /** The events that `chunk` completes. The caller decodes UTF-8 across chunks. */
    feed(chunk) {
        const events = [];
        this.#pending += chunk;
        for (;;) {
            const at = this.#pending.indexOf(this.#mark);
            const end = at < 0 ? -1 : this.#pending.indexOf('\n', at + this.#mark.length);
            if (at < 0 || (end < 0 && this.#pending.length - at < frameLimit))
                break;
            this.#text(this.#pending.slice(0, at), events);
            if (end < 0) {
                this.#pending = this.#pending.slice(at + this.#mark.length);
                continue;
            }
            this.#frame(this.#pending.slice(at + this.#mark.length, Math.min(end, at + frameLimit)), events);
            this.#pending = this.#pending.slice(end + 1);
        }
        const safe = this.#beforeMark();
        this.#text(this.#pending.slice(0, safe), events);
        this.#pending = this.#pending.slice(safe);
        if (this.#pending === '\n' && this.#fact === undefined && this.#line !== '') {
            this.#flush(events);
            this.#early = true;
        }
        return events;
    }
    /** The output that was still waiting for its line to end, when the channel is closed. */
    rest() {
        const events = [];
        if (!this.#pending.includes(this.#mark))
            this.#text(this.#pending, events);
        this.#pending = '';
        this.#flush(events);
        return events;
    }
    /** How much of what is pending cannot be the beginning of a frame. */
    #beforeMark() {
        const whole = this.#pending.indexOf(this.#mark);
        if (whole >= 0)
            return whole;
        for (let at = Math.max(0, this.#pending.length - this.#mark.length); at < this.#pending.length; at += 1) {
            if (this.#mark.startsWith(this.#pending.slice(at)))
                return at;
        }
        return this.#pending.length;
    }
    #text(text, events) {
        if (text === '')
            return;
        if (this.#fact !== undefined) {
            const room = factLimit - this.#fact.value.length;
            this.#fact.value += text.slice(0, Math.max(0, room));
            return;
        }
        const lines = (this.#line + (this.#early ? text.slice(1) : text)).split('\n');
        this.#early = false;
        this.#line = (lines.pop() ?? '').slice(0, output_line/* outputLineLimit */.h);
        for (const line of lines)
            events.push({ kind: 'output', step: this.#step, line: line.slice(0, output_line/* outputLineLimit */.h) });
    }
    #flush(events) {
        if (this.#line !== '')
            events.push({ kind: 'output', step: this.#step, line: this.#line });
        this.#line = '';
    }
    #frame(frame, events) {
        const [verb = '', first = '', second = ''] = frame.split(' ');
        this.#early = false;
        // A step that died in the middle of a fact did not close it; what follows is not its value.
        if (verb !== 'close')
            this.#fact = undefined;
        this.#flush(events);
        const step = this.#steps[Number(first)];
        switch (verb) {
            case 'group':
                events.push({ kind: 'group', group: { id: first, started: second } });
                return;
            case 'text':
                this.#fact = { key: first, value: '' };
                return;
            case 'close':
                if (this.#fact !== undefined)
                    events.push({ kind: 'fact', ...this.#fact });
                this.#fact = undefined;
                return;
            case 'done':
                events.push({ kind: 'done', status: Number(first) });
                return;
        }
        if (step === undefined)
            return;
        if (verb === 'step')
            events.push({ kind: 'step', step });
        if (verb === 'step')
            this.#step = step;
        if (verb === 'end')
            events.push({ kind: 'end', step, status: Number(second) });
        if (verb === 'left')
            events.push({ kind: 'left running', step });
        if (verb === 'lost')
            events.push({ kind: 'lost', step });
    }
}

// EXTERNAL MODULE: ./build/generated/programs.js
var programs = __webpack_require__(7732);
// EXTERNAL MODULE: ./build/domain/remote/shell.js
var shell = __webpack_require__(4617);
;// CONCATENATED MODULE: ./build/domain/remote/program.js


/**
 * The exec request for a program of `bytes` bytes: one constant line, which holds the length and nothing else of ours.
 */
function launcher(bytes, become) {
    const boot = `LC_ALL=C; p=$(dd bs=1 count=${bytes} 2>/dev/null; echo .); [ \${#p} -eq ${bytes + 1} ] || exit ${cutStatus}; eval "\${p%.}"`;
    const line = `sh -c '${boot}'`;
    return become === undefined ? line : `sudo -n -u ${(0,shell/* quote */.h)(become)} -- ${line}`;
}
/**
 * A program that waits for another one, which is read in blocks and then run. So a session can be started before it is
 * known what it will run.
 */
const loader = `${programs/* programs */.c.loader}\n`;
/** What a session that runs the loader is sent before a program of `bytes` bytes. */
function loaderHead(bytes) {
    return String(bytes).padStart(8, 'x');
}
/** The exit status of a program that arrived incomplete: nothing of it ran. */
const cutStatus = 97;
/** The program as POSIX sh text. Every frame that it prints begins with a newline, the byte 0x1e and `token`. */
function renderProgram(program, token) {
    const steps = program.steps.map((step, index) => renderStep(step, index));
    const fence = program.fence === undefined ? noFence : renderFence(program.fence);
    return `${[`_t=${(0,shell/* quote */.h)(token)}`, programs/* programs */.c.vocabulary, fence, 'main() {', '_f=0', "trap '_f=143' TERM", 'origin', 'fence || :', ...steps, 'say "done $_f"', 'exit "$_f"', '}', 'main 3<&0 </dev/null'].join('\n')}\n`;
}
const noFence = 'fence() { return 0; }';
function renderFence(fence) {
    const owned = `"token":"${fence.token}"`;
    return [`_k=${(0,shell/* quote */.h)(fence.lock)}`, `_h=${(0,shell/* quote */.h)(fence.owner)}`, `_o=${(0,shell/* quote */.h)(owned)}`, programs/* programs */.c.fence].join('\n');
}
function renderStep(step, index) {
    const policy = step.policy ?? 'stop';
    const input = step.input === 'stream' ? '<&3' : '</dev/null';
    const watched = step.kind === 'hook';
    return [
        `s${index}() {`,
        ...Object.entries(step.env ?? {}).map(([name, value]) => `export ${variable(name)}=${(0,shell/* quote */.h)(value)}`),
        ...(step.cwd === undefined ? [] : [`cd ${(0,shell/* quote */.h)(step.cwd)}`]),
        ...body(step.run),
        '}',
        `if go ${index} ${step.effect} ${policy}; then`,
        ...(watched ? ['holders; _w=$_n'] : []),
        `( set -eu; s${index} ) ${input} 3<&- 2>&1`,
        '_r=$?',
        ...(watched ? [`stays ${index}`] : []),
        `over ${index} "$_r" ${policy}`,
        'fi',
    ].join('\n');
}
function body(run) {
    if ('text' in run)
        return [`set -- ${(0,shell/* render */.X)(run.words)}`.trimEnd(), run.text];
    return [(0,shell/* render */.X)(run)];
}
function variable(name) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        throw new RangeError(`${JSON.stringify(name)} cannot name an environment variable`);
    return name;
}

;// CONCATENATED MODULE: ./build/adapters/ssh/execution.js
// Runs one program over one exec channel and says how it ended. Never rejects.




/**
 * Milliseconds before the exec is requested again. sshd frees a session only some time after it has ended; nothing ran,
 * so retrying is safe.
 */
const pauses = [20, 50, 100, 200, 200];
/**
 * Milliseconds of silence after the exit status for which the last output is still awaited. On a slow connection it
 * arrives long after the status.
 */
const afterExit = 2000;
/** Characters that are kept of output that belongs to no step. */
const noiseLimit = 4096;
async function execute(execution) {
    const { program, token } = execution;
    const text = Buffer.from(renderProgram(program, token));
    const taken = execution.sessions.take(text, program.become);
    execution.sessions.prepare(execution.options.ahead ?? 0);
    const waiting = await taken;
    if (waiting !== undefined)
        return new Session(waiting.channel, execution).run(waiting.text);
    const opened = await openSession(execution, text);
    switch (opened.kind) {
        case 'open':
            return new Session(opened.channel.channel, execution).run(opened.channel.text);
        case 'lost':
            return nothingRan('connection lost', opened.why);
        case 'refused':
            return nothingRan('refused', `it gives no session: ${opened.why}`);
    }
}
/**
 * A session, and the text that it must be sent. Where the server has none left, pre-opened sessions may have taken the
 * last ones: then one of them is used.
 */
async function openSession({ connection, sessions, clock, program }, text) {
    const command = launcher(text.length, program.become);
    for (const pause of pauses) {
        const opened = withText(await connection.exec(command), text);
        if (opened.kind !== 'refused' || opened.reason === undefined)
            return opened;
        const waiting = await sessions.take(text, program.become);
        if (waiting !== undefined)
            return { kind: 'open', channel: waiting };
        await clock.sleep(pause);
    }
    return withText(await connection.exec(command), text);
}
function withText(opened, text) {
    return opened.kind === 'open' ? { kind: 'open', channel: { channel: opened.channel, text } } : opened;
}
function nothingRan(why, detail) {
    return {
        kind: 'unknown',
        why,
        detail,
        during: undefined,
        steps: [],
        facts: new Map(),
        leftRunning: [],
        group: undefined,
    };
}
class Session {
    #channel;
    #execution;
    #collector = new ProgramCollector();
    #reader;
    #decoder = new external_node_string_decoder_.StringDecoder('utf8');
    #over;
    #finish;
    /** Resolves what currently waits for the server, because the program is over. */
    #release;
    #ended = false;
    #noise = '';
    #code;
    #signal;
    #broken;
    #lost;
    /** Runs while the last output of a program that has exited is waited for. */
    #silence;
    constructor(channel, execution) {
        this.#channel = channel;
        this.#execution = execution;
        this.#reader = new FrameReader(execution.token, execution.program.steps);
        this.#over = new Promise((resolve) => {
            this.#finish = () => {
                this.#ended = true;
                this.#release?.();
                resolve();
            };
        });
    }
    async run(text) {
        const unsubscribe = this.#subscribe();
        void this.#feed(text);
        await this.#over;
        unsubscribe();
        for (const event of [...this.#reader.feed(this.#decoder.end()), ...this.#reader.rest()])
            this.#onEvent(event);
        // A daemon may hold the channel open for ever.
        this.#channel.close();
        return this.#collector.end(this.#channelEnd(), cutStatus);
    }
    #channelEnd() {
        const noise = this.#broken ?? this.#lost ?? this.#noise.trim();
        const connection = this.#broken !== undefined ? 'closed by us' : this.#lost === undefined ? 'open' : 'lost';
        return { code: this.#code, signal: this.#signal, connection, noise };
    }
    /** Returns a function that unsubscribes from the connection, which outlives the session. */
    #subscribe() {
        const channel = this.#channel;
        channel.on('data', (bytes) => this.#onStdout(this.#decoder.write(bytes)));
        channel.stderr.on('data', (bytes) => this.#addNoise(bytes.toString('utf8')));
        channel.on('error', () => this.#finish());
        channel.on('exit', (code, signal) => this.#exit(code ?? undefined, signal));
        channel.on('close', () => this.#finish());
        return this.#execution.connection.onLost(() => {
            if (this.#ended)
                return;
            this.#lost = this.#execution.connection.lost ?? '';
            this.#finish();
        });
    }
    /**
     * sshd may report the exit before it has sent all output. A program that was killed sends no final frame; only
     * processes that it left running may still print.
     */
    #exit(code, signal) {
        this.#code = code;
        this.#signal = signal;
        if (this.#collector.finished) {
            this.#finish();
            return;
        }
        const limit = setTimeout(() => this.#finish(), afterExit);
        if (code !== undefined && code <= 128)
            this.#silence = limit;
        void this.#over.then(() => clearTimeout(limit));
    }
    #onStdout(text) {
        this.#silence?.refresh();
        for (const event of this.#reader.feed(text))
            this.#onEvent(event);
        if (this.#collector.finished && (this.#code !== undefined || this.#signal !== undefined))
            this.#finish();
    }
    #onEvent(event) {
        if (event.kind === 'output' && event.step === undefined)
            this.#addNoise(`${event.line}\n`);
        this.#collector.add(event);
        this.#execution.options.onEvent?.(event);
    }
    #addNoise(text) {
        this.#noise = (this.#noise + text).slice(0, noiseLimit);
    }
    /** The program, then the stream, then the end of input. */
    async #feed(text) {
        try {
            await this.#write(text);
            const stream = this.#execution.options.stream?.();
            if (stream !== undefined)
                await this.#pump(stream[Symbol.asyncIterator]());
            if (!this.#ended)
                this.#channel.end();
        }
        catch (error) {
            this.#broken = `what was sent broke off: ${error instanceof Error ? error.message : String(error)}`;
            this.#finish();
        }
    }
    async #pump(parts) {
        while (!this.#ended) {
            const part = await this.#whileRunning(parts.next());
            if (part === 'over')
                break;
            if (part.done === true)
                return;
            await this.#write(part.value);
        }
        void parts.return?.()?.catch(() => undefined);
    }
    /** Respects back-pressure, so that the whole stream is not buffered in our memory when a server is slow. */
    async #write(bytes) {
        if (this.#ended || this.#channel.write(bytes))
            return;
        let drained = () => undefined;
        const drain = new Promise((resolve) => {
            drained = resolve;
        });
        this.#channel.once('drain', drained);
        await this.#whileRunning(drain);
        this.#channel.off('drain', drained);
    }
    /**
     * The value of `awaited`, or `over` if the program ends first. Racing against `#over` itself would keep every part of
     * the stream in memory until the end.
     */
    async #whileRunning(awaited) {
        const end = new Promise((resolve) => {
            this.#release = () => resolve('over');
        });
        if (this.#ended)
            this.#release?.();
        try {
            return await Promise.race([awaited, end]);
        }
        finally {
            this.#release = undefined;
        }
    }
}

;// CONCATENATED MODULE: ./build/adapters/ssh/sessions.js
// Pre-opened sessions: a program that runs in one starts at once instead of two round trips later.

/**
 * The most sessions of one connection that wait at the same time. Starting one takes two round trips, so more than two
 * are never needed.
 */
const sessions_most = 2;
/** The waiting sessions of a connection, the oldest first. They run nothing but a read, and end with the connection. */
class PreopenedSessions {
    #connection;
    #become;
    #waiting = [];
    /** `become`: the user as whom they run. */
    constructor(connection, become) {
        this.#connection = connection;
        this.#become = become;
    }
    /**
     * Starts sessions until `count` wait. Where the server refuses one, the program requests its own and reports why that
     * fails.
     */
    prepare(count) {
        while (this.#waiting.length < Math.min(count, sessions_most))
            this.#waiting.push(this.#open());
    }
    /** A session and the text that it must be sent, where one waits that can run this program. */
    async take(program, become) {
        if (become !== this.#become)
            return undefined;
        for (let begun = this.#waiting.shift(); begun !== undefined; begun = this.#waiting.shift()) {
            const waiting = await begun;
            if (waiting === undefined || waiting.over.aborted)
                continue;
            waiting.handOver();
            return { channel: waiting.channel, text: Buffer.concat([Buffer.from(loaderHead(program.length)), program]) };
        }
        return undefined;
    }
    async #open() {
        const opened = await this.#connection.exec(launcher(loader.length, this.#become));
        if (opened.kind !== 'open')
            return undefined;
        const { channel } = opened;
        channel.write(loader);
        const over = new AbortController();
        const abandon = () => {
            over.abort();
            channel.close();
        };
        for (const event of ['error', 'exit', 'close'])
            channel.on(event, abandon);
        const handOver = () => {
            for (const event of ['error', 'exit', 'close'])
                channel.off(event, abandon);
        };
        return { channel, over: over.signal, handOver };
    }
}

;// CONCATENATED MODULE: ./build/adapters/ssh/transport.js
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









/** Pauses between two attempts to connect, in milliseconds. */
const connecting = { first: 1000, most: 10_000 };
/** Opens servers by SSH. The key is read here, once. @throws Failure `KEY_INVALID`, `KEY_PUBLIC`, `KEY_PASSPHRASE` */
function sshTransports(settings, login) {
    return new SshTransports(settings, loginKey(login));
}
function loginKey({ privateKey, passphrase, agentSocket }) {
    if (privateKey !== undefined)
        return readPrivateKey(privateKey, passphrase);
    if (agentSocket !== undefined)
        return { kind: 'agent', socket: agentSocket };
    throw new domain_failure/* Failure */.HR('KEY_INVALID', 'There is no private key to log in with.', {
        hint: 'Give one in `ssh-private-key`. A secret that the job cannot see is empty: one of an environment needs `environment:` on the job, and its name must be right.',
    });
}
class SshTransports {
    #settings;
    #credentials;
    #bastions;
    #firstLogin;
    constructor(settings, key) {
        this.#settings = settings;
        this.#credentials = {
            key,
            knownHosts: settings.knownHosts,
            connectTimeout: settings.connectTimeout,
            limits: new ConnectionLimits(settings.maxConnecting),
        };
        this.#bastions = new Bastions(settings.jumps, this.#credentials);
        this.#firstLogin = new FirstLogin(settings.clock, settings.connectTimeout);
    }
    async open(server, signal) {
        const { become, random, clock } = this.#settings;
        return new SshTransport(server, await this.#connect(server, signal), {
            ...(become === undefined ? {} : { become }),
            random,
            clock,
            another: () => this.#connect(server, new AbortController().signal),
        });
    }
    async #connect(server, signal) {
        const target = {
            user: server.user,
            host: server.host,
            port: server.port,
            server: server.name,
            label: `${server.name} (${address(server)})`,
        };
        const { result, attempts } = await this.#attempts(target, signal);
        if (result.kind === 'open')
            return result.to;
        throw signal.aborted ? cancelled(target) : named(result.failure, target, attempts);
    }
    async #attempts(target, signal) {
        const { clock, random, retries } = this.#settings;
        const policy = { ...connecting, attempts: retries + 1 };
        const again = (tried) => (tried.kind === 'failed' && tried.again === 'may help' ? 'yes' : 'no');
        try {
            return await (0,retry/* retry */.L)({ policy, clock, random, again, signal }, () => this.#try(target, signal));
        }
        catch (thrown) {
            throw signal.aborted ? cancelled(target) : thrown;
        }
    }
    async [Symbol.asyncDispose]() {
        await this.#bastions[Symbol.asyncDispose]();
    }
    async #try(target, signal) {
        const bastions = await this.#bastions.prepare(target.server, signal);
        if (bastions.kind === 'failed')
            return bastions;
        return attempt(this.#credentials, {
            target,
            limitedBy: this.#bastions.limitNames(target),
            openStream: (limit) => this.#bastions.streamTo(target, limit),
            mayLogIn: (login) => this.#firstLogin.admit(target.server, login),
            signal,
        });
    }
}
/** The failure under the name of the server, with the number of attempts where there were several. */
function named(failure, target, tries) {
    const sentence = tries > 1 ? `${failure.message.replace(/\.$/, '')}, tried ${tries} times.` : failure.message;
    return new domain_failure/* Failure */.HR(failure.code, sentence, {
        hint: failure.hint,
        server: target.server,
        ...(failure.cause === undefined ? {} : { cause: failure.cause }),
    });
}
class SshTransport {
    server;
    #connection;
    #options;
    #sessions;
    /** The number of programs that run. */
    #running = 0;
    constructor(server, connection, options) {
        this.server = server;
        this.#connection = connection;
        this.#options = options;
        this.#sessions = new PreopenedSessions(connection, options.become);
        this.#sessions.prepare(1);
    }
    async run(program, options = {}) {
        const become = program.become ?? this.#options.become;
        const asUser = become === undefined ? program : { ...program, become };
        this.#running += 1;
        try {
            const end = await this.#execute(this.#connection, this.#sessions, asUser, options);
            return this.#running > 1 && isRefused(end) && options.stream === undefined
                ? await this.#onOwnConnection(end, asUser, options)
                : end;
        }
        finally {
            this.#running -= 1;
        }
    }
    /**
     * Runs the program on a connection of its own where another program has the only session (`MaxSessions 1`), such as
     * one that is to be ended.
     */
    async #onOwnConnection(refused, program, options) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const opened = await this.#options.another().catch(() => undefined);
            if (opened === undefined)
                return refused;
            const connection = __addDisposableResource(env_1, opened, true);
            return await this.#execute(connection, new PreopenedSessions(connection, undefined), program, options);
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    #execute(connection, sessions, program, options) {
        return execute({
            connection,
            sessions,
            program,
            token: this.#options.random.hex(32),
            options,
            clock: this.#options.clock,
        });
    }
    async tunnel(host, port) {
        const opened = await this.#connection.forward(host, port);
        const { name: server } = this.server;
        switch (opened.kind) {
            case 'open':
                return opened.channel;
            case 'lost':
                throw new domain_failure/* Failure */.HR('HEALTH_UNKNOWN', `${server} cannot be asked: ${opened.why}.`, { server });
            case 'refused':
                if (opened.reason === 2)
                    throw new domain_failure/* Failure */.HR('UNHEALTHY', `nothing answers at ${host}:${port} (${opened.why})`, { server });
                throw new domain_failure/* Failure */.HR('HEALTH_UNKNOWN', `${server} does not let us connect to ${host}:${port} (${opened.why}).`, {
                    server,
                    hint: tunnelHint,
                });
        }
    }
    async [Symbol.asyncDispose]() {
        await this.#connection[Symbol.asyncDispose]();
    }
}
function isRefused(end) {
    return end.kind === 'unknown' && end.why === 'refused';
}
const tunnelHint = 'Allow it in sshd_config of the server (`AllowTcpForwarding yes` or `local`) and in authorized_keys (`port-forwarding`, `permitopen`), or let the probe come `from: runner`.';


/***/ })

};
;