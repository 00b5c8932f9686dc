"use strict";
exports.id = 77;
exports.ids = [77];
exports.modules = {

/***/ 3077:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openAws: () => (/* binding */ openAws)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-secrets-manager/dist-cjs/index.js
var dist_cjs = __webpack_require__(2994);
// EXTERNAL MODULE: ./node_modules/@aws-sdk/credential-provider-web-identity/dist-cjs/index.js
var credential_provider_web_identity_dist_cjs = __webpack_require__(9956);
// EXTERNAL MODULE: ./build/domain/secrets/secret.js
var secret = __webpack_require__(8520);
// EXTERNAL MODULE: ./build/domain/failure.js
var domain_failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/domain/secrets/unavailable.js
var unavailable = __webpack_require__(6820);
// EXTERNAL MODULE: ./build/adapters/stores/client/attempts.js
var client_attempts = __webpack_require__(6161);
// EXTERNAL MODULE: ./build/adapters/stores/client/unavailable.js
var client_unavailable = __webpack_require__(1621);
// EXTERNAL MODULE: ./build/adapters/stores/content.js
var content = __webpack_require__(6670);
;// CONCATENATED MODULE: ./build/adapters/stores/aws-calls.js





/** Makes one call of the SDK. What may pass is another attempt's. */
async function called(store, call) {
    try {
        return { kind: 'done', value: { kind: 'value', value: await call() } };
    }
    catch (thrown) {
        if (thrown instanceof unavailable/* StoreUnavailable */.u && (0,client_unavailable/* mayPass */.bg)(thrown))
            return { kind: 'again', failure: thrown };
        if (thrown instanceof domain_failure/* Failure */.HR)
            throw thrown;
        const refusal = refusalOf(thrown);
        if (refusal === undefined)
            throw strange(store);
        const throttled = /^(?:Throttl|TooManyRequests|RequestLimitExceeded)/.test(refusal.code);
        return throttled ? { kind: 'again', failure: busy(store) } : { kind: 'done', value: { kind: 'refused', refusal } };
    }
}
/** Credentials that ended, or that this service does not know any more. */
function endsSession(answer) {
    return (answer.kind === 'refused' && /^(?:ExpiredToken|UnrecognizedClient|InvalidClientTokenId)/.test(answer.refusal.code));
}
/** How often STS is asked where its refusal may come from a change that has not spread yet. */
const trustAttempts = 4;
/** Logs in at STS. @throws Failure `TRUST_REFUSED` */
async function trusted({ ports, limits, token, role }, assume) {
    let attempts = 0;
    return await (0,client_attempts/* untilDeadline */.H)(ports, limits, async (ms) => {
        attempts += 1;
        const result = await called(ports.store, () => assume(ms));
        if (result.kind === 'again')
            return result;
        if (result.value.kind === 'value')
            return { kind: 'done', value: result.value.value };
        const { code, message } = result.value.refusal;
        const why = `${(0,content/* reason */.l)(code)}: ${(0,content/* reason */.l)(message, token)}`;
        const failure = new domain_failure/* Failure */.HR('TRUST_REFUSED', `AWS refuses the job the role ${role} of the store ${ports.store} (${why}).`);
        if (attempts < trustAttempts && maySpread(code, message))
            return { kind: 'again', failure };
        throw failure;
    });
}
function noCredentials(store) {
    return new domain_failure/* Failure */.HR('TRUST_REFUSED', `The runner has no AWS credentials for the store ${store}.`, {
        hint: 'Name the `role` of the store, which the job then takes by its identity token; or give the runner a role of its own.',
    });
}
/** A role or its trust policy that was just made is not known everywhere at once, and STS fetches the keys of GitHub itself. */
function maySpread(code, message) {
    return /^(?:AccessDenied|IDPCommunicationError)/.test(code) || /retrieve verification key/.test(message);
}
/** Errors of the service bear its code as their name; all other errors do not say what they are of. */
function refusalOf(thrown) {
    const { name, message, $metadata, $fault } = (0,content/* objectOf */.Xy)(thrown);
    const status = (0,content/* objectOf */.Xy)($metadata)['httpStatusCode'];
    const code = (0,content/* textOf */.b6)(name);
    if (code === undefined || typeof status !== 'number' || $fault === undefined)
        return undefined;
    return { code, message: (0,content/* textOf */.b6)(message) ?? '' };
}
function busy(store) {
    return new unavailable/* StoreUnavailable */.u('answered', `The store ${store} does not serve: AWS asks for fewer requests until the deadline.`);
}
/** The error of the SDK is not kept: those of its parser quote what they read. */
function strange(store) {
    return new unavailable/* StoreUnavailable */.u('not trusted', `The store ${store} answered with something that AWS does not say.`, {
        hint: 'Something else answers at this address. Check `endpoint` and `sts_endpoint`, and the proxy in between.',
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/aws-endpoints.js
/** The domain of each partition, by the beginning of its regions' names. */
const partitions = [
    ['cn-', 'amazonaws.com.cn'],
    ['us-iso-', 'c2s.ic.gov'],
    ['us-isob-', 'sc2s.sgov.gov'],
    ['us-isof-', 'csp.hci.ic.gov'],
    ['eu-isoe-', 'cloud.adc-e.uk'],
    ['eusc-', 'amazonaws.eu'],
];
/**
 * The regional address of a service. It is given to the SDK, which else takes addresses from variables and files of the runner:
 * whoever can set these would receive the job's identity token.
 */
function awsEndpoint(service, region) {
    const domain = partitions.find(([begin]) => region.startsWith(begin))?.[1] ?? 'amazonaws.com';
    return `https://${service}.${region}.${domain}`;
}
/** The audience that the identity provider of an account is made with. */
function awsAudience(region) {
    return region.startsWith('cn-') ? 'sts.amazonaws.com.cn' : 'sts.amazonaws.com';
}

// EXTERNAL MODULE: ./build/adapters/stores/client/request.js + 1 modules
var request = __webpack_require__(9601);
;// CONCATENATED MODULE: ./build/adapters/stores/aws-handler.js



/**
 * Sends the SDK's requests through our client: its rules on redirects, TLS, proxies and sizes hold here too.
 * What means "try again" is thrown, as it may come from a machine in front that does not speak as AWS does.
 */
function sdkHandler({ access, client, endpoint, defaults }) {
    return {
        handle: async ({ method, protocol, hostname, port, path, headers, body }, options = {}) => {
            const url = new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`);
            if (url.origin !== endpoint.origin)
                throw new domain_failure/* Failure */.HR('BUG', `The SDK asks ${url.host} instead of ${endpoint.host}.`);
            if (typeof body !== 'string' && !(body instanceof Uint8Array))
                throw new domain_failure/* Failure */.HR('BUG', 'The SDK sends what is neither text nor bytes.');
            const ms = options.requestTimeout ?? defaults?.requestTimeout ?? 10_000;
            const signal = options.abortSignal ?? defaults?.abortSignal ?? new AbortController().signal;
            const response = await client.askOnce({ method, url: url.href, headers, body }, ms, signal);
            if ((0,request/* triesAgain */.w2)(response.status))
                throw (0,client_unavailable/* notServed */.hp)(access, url.href, response);
            const answer = Buffer.from(response.body, 'utf8');
            return { response: { statusCode: response.status, headers: { ...response.headers }, body: answer } };
        },
    };
}

// EXTERNAL MODULE: ./build/adapters/stores/answers.js
var answers = __webpack_require__(5168);
;// CONCATENATED MODULE: ./build/adapters/stores/aws-answers.js


/** Milliseconds after which a rotation that was begun is not thought to end any more. */
const rotationLimit = 3_600_000;
function entryOf(reference, value, rotation) {
    return {
        path: '',
        content: (0,content/* contentOf */.$E)(reference, value.SecretString ?? value.SecretBinary ?? new Uint8Array()),
        version: value.VersionId,
        created: value.CreatedDate,
        expires: undefined,
        notBefore: undefined,
        rotation,
        lease: undefined,
    };
}
/** AWSPENDING on a version that is not AWSCURRENT is a rotation on its way, unless it was left lying. */
function rotationOf(description, now) {
    const { RotationEnabled, NextRotationDate: next, LastChangedDate, VersionIdsToStages = {} } = description ?? {};
    const pending = Object.values(VersionIdsToStages).some((stages) => stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT'));
    const age = now.getTime() - (LastChangedDate?.getTime() ?? 0);
    if (pending && age < rotationLimit)
        return { state: 'in flight', next };
    if (RotationEnabled !== true)
        return { state: 'none', next: undefined };
    if (next !== undefined && next.getTime() < now.getTime())
        return { state: 'overdue', next };
    return { state: 'scheduled', next };
}
/** What a description says about the version that a reference names. @throws Failure `SECRET_MISSING` */
function describedEntry(reference, description, now) {
    if (description.DeletedDate !== undefined)
        throw deleted(reference);
    const stage = reference.stage ?? 'AWSCURRENT';
    const found = Object.entries(description.VersionIdsToStages ?? {}).find(([id, stages]) => reference.version === undefined ? stages.includes(stage) : id === reference.version);
    if (found === undefined)
        throw new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} has no such version.`);
    const [version] = found;
    return {
        path: '',
        content: { kind: 'not read' },
        version,
        created: undefined,
        expires: undefined,
        notBefore: undefined,
        rotation: rotationOf(description, now),
        lease: undefined,
    };
}
/** Whether `value` is what `locator` names: a name, an ARN, or an ARN without its six random characters. */
function names(locator, { ARN = '', Name }) {
    return locator === Name || locator === ARN || locator === ARN.replace(/-[0-9A-Za-z]{6}$/, '');
}
/** The failure of one reference behind a refusal. */
function refused(reference, refusal) {
    const { code, message } = refusal;
    if (/^ResourceNotFound/.test(code))
        return new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} is not in Secrets Manager.`);
    if (/^InvalidRequest/.test(code) && /delet/i.test(message))
        return deleted(reference);
    if (/^(?:InvalidRequest|InvalidParameter|Validation)/.test(code))
        return new domain_failure/* Failure */.HR('REFERENCE_INVALID', `Secrets Manager does not take ${(0,content/* shown */.SP)(reference)} (${(0,content/* reason */.l)(code)}).`);
    return new domain_failure/* Failure */.HR('STORE_DENIED', `Secrets Manager refuses ${(0,content/* shown */.SP)(reference)} (${(0,content/* reason */.l)(code)}).`, {
        ...hintFor(code),
    });
}
function hintFor(code) {
    if (/^DecryptionFailure/.test(code))
        return { hint: 'Let the role use the KMS key of the secret (`kms:Decrypt`).' };
    if (/^(?:InvalidSignature|RequestTimeTooSkewed)/.test(code))
        return { hint: 'Set the clock of the runner.' };
    return {};
}
function deleted(reference) {
    return new domain_failure/* Failure */.HR('SECRET_MISSING', `${(0,content/* shown */.SP)(reference)} is marked for deletion.`, {
        hint: 'Restore the secret in Secrets Manager (`RestoreSecret`), or name another one.',
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/aws-read.js




/** As many as BatchGetSecretValue takes. */
const batchSize = 20;
/** Milliseconds that a rotation in flight is waited for, and between two looks at it. */
const rotationWait = 15_000;
const rotationPause = 2000;
/** Reads in batches what a batch can name, and one by one what is left. */
async function readSecrets(aws, references, limits) {
    const known = await readBatches(aws, references, limits);
    return await (0,answers/* answerEach */.U)(references, (reference) => read({ aws, known, limits }, reference));
}
/** Describes each secret: whether it may be read is not told by that, but whether it is there. */
async function checkSecrets(aws, references, limits) {
    return await (0,answers/* answerEach */.U)(references, async (reference) => {
        const answer = await aws.describe({ SecretId: idOf(aws, reference) }, limits);
        if (answer.kind === 'refused')
            throw refused(reference, answer.refusal);
        return describedEntry(reference, answer.value, aws.clock.now());
    });
}
/** Values by the locator that named them. A batch knows no versions; what it refuses or leaves out is read singly, where the reason is told. */
async function readBatches(aws, references, limits) {
    const plain = references.filter(({ version, stage, locator }) => !version && !stage && locatorPattern.test(locator));
    const ids = [...new Set(plain.map(({ locator }) => locator))];
    const found = [];
    if (ids.length > 1) {
        const count = Math.ceil(ids.length / batchSize);
        const batches = Array.from({ length: count }, (_, index) => ids.slice(index * batchSize, (index + 1) * batchSize));
        await (0,answers/* inParallel */.H)(batches, async (batch) => void found.push(...(await readBatch(aws, batch, limits))));
    }
    return new Map(ids.flatMap((id) => {
        const value = found.find((candidate) => names(id, candidate));
        return value === undefined ? [] : [[id, value]];
    }));
}
/** AWS ends a page early where its values are large. */
async function readBatch(aws, ids, limits) {
    const found = [];
    let page = {};
    do {
        const answer = await aws.batch({ SecretIdList: [...ids], ...page }, limits);
        if (answer.kind === 'refused')
            return found;
        const { SecretValues = [], NextToken } = answer.value;
        found.push(...SecretValues);
        page = NextToken === undefined ? {} : { NextToken };
    } while (page.NextToken !== undefined && found.length < ids.length);
    return found;
}
/** A value that is being rotated is waited for and read again: the current one may stop working before its successor is current. */
async function read({ aws, known, limits }, reference) {
    const single = () => readSingly(aws, reference, limits);
    const batched = reference.version || reference.stage ? undefined : known.get(reference.locator);
    const [value, description] = await Promise.all([batched ?? single(), describe(aws, reference, limits)]);
    const rotation = rotationOf(description, aws.clock.now());
    if (rotation.state !== 'in flight' || reference.version !== undefined)
        return entryOf(reference, value, rotation);
    const later = rotationOf(await afterRotation(aws, reference, limits), aws.clock.now());
    return entryOf(reference, await single(), later);
}
async function readSingly(aws, reference, limits) {
    const { version, stage } = reference;
    const input = {
        SecretId: idOf(aws, reference),
        ...(version === undefined ? {} : { VersionId: version }),
        ...(stage === undefined ? {} : { VersionStage: stage }),
    };
    const answer = await aws.value(input, limits);
    if (answer.kind === 'refused')
        throw refused(reference, answer.refusal);
    return answer.value;
}
/** Facts that are good to have: a value is not refused because the role may not describe it. */
async function describe(aws, reference, limits) {
    try {
        const answer = await aws.describe({ SecretId: idOf(aws, reference) }, limits);
        return answer.kind === 'value' ? answer.value : undefined;
    }
    catch (thrown) {
        if (thrown instanceof unavailable/* StoreUnavailable */.u)
            return undefined;
        throw thrown;
    }
}
async function afterRotation(aws, reference, limits) {
    const { clock } = aws;
    const left = limits.deadline.getTime() - clock.now().getTime();
    const until = clock.now().getTime() + Math.min(rotationWait, left / 2);
    for (;;) {
        const description = await describe(aws, reference, limits);
        const settled = rotationOf(description, clock.now()).state !== 'in flight';
        if (settled || clock.now().getTime() + rotationPause > until)
            return description;
        await clock.sleep(rotationPause, limits.signal);
    }
}
const locatorPattern = /^[A-Za-z0-9/_+=.@!-]{1,512}$|^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[A-Za-z0-9/_+=.@!-]{1,512}$/;
/** A name, or an ARN of this region. */
function idOf({ region }, reference) {
    if (!locatorPattern.test(reference.locator))
        throw (0,content/* invalid */.Gq)(reference, 'is neither the name nor the ARN of a secret');
    const named = reference.locator.startsWith('arn:') ? reference.locator.split(':')[3] : region;
    if (named !== region)
        throw (0,content/* invalid */.Gq)(reference, `is in the region ${named}, and the store in ${region}`);
    return reference.locator;
}

// EXTERNAL MODULE: ./build/adapters/stores/session.js
var stores_session = __webpack_require__(1843);
;// CONCATENATED MODULE: ./build/adapters/stores/aws.js










/** The SDK does not try again, that is ours; and it takes no addresses from variables or files of the runner. */
const settings = {
    maxAttempts: 1,
    retryMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
};
/** Seconds; the shortest that STS gives. A longer run logs in again. */
const sessionSeconds = 900;
/** Secrets of one region in AWS Secrets Manager: AWS's SDK speaks, our HTTP client carries. Sessions end by themselves. */
function openAws(config, ports) {
    const access = { ...ports, ...(config.ca === undefined ? {} : { ca: config.ca }) };
    const client = (0,request/* openStoreClient */.t)(access);
    const through = { access, client };
    const endpoint = (0,request/* storeUrl */.T4)(ports.store, config.endpoint ?? awsEndpoint('secretsmanager', config.region));
    const common = { ...settings, region: config.region, endpoint: endpoint.href };
    const open = (credentials) => new dist_cjs/* SecretsManagerClient */._H({
        ...common,
        requestHandler: { ...sdkHandler({ ...through, endpoint }) },
        ...(credentials === undefined ? {} : { credentials }),
    });
    const login = (limits) => config.role === undefined
        ? ambient(open(), ports)
        : assumeRole({ config, role: config.role, ports, through }, limits);
    const session = (0,stores_session/* openSession */.f)(ports.clock, async (limits) => {
        const credentials = await login(limits);
        const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
        for (const key of [accessKeyId, secretAccessKey, sessionToken])
            if (key !== '')
                ports.mask(new secret/* Secret */.z(`session key of ${ports.store}`, key));
        return { credentials: open(credentials), ends: credentials.expiration ?? new Date(8.64e15) };
    });
    const aws = callsOf(config, ports, session.ask);
    return {
        read: (references, limits) => readSecrets(aws, references, limits),
        check: (references, limits) => checkSecrets(aws, references, limits),
        renew: async () => [],
        [Symbol.asyncDispose]: async () => client[Symbol.dispose](),
    };
}
/** The three calls that we make, each until the deadline, and once more with a new session where the old one is refused. */
function callsOf({ region }, ports, ask) {
    const call = (limits, send) => {
        const sendWith = (client) => (0,client_attempts/* untilDeadline */.H)(ports, limits, (ms) => called(ports.store, () => send(client, { abortSignal: limits.signal, requestTimeout: ms })));
        return ask(limits, sendWith, endsSession);
    };
    return {
        region,
        clock: ports.clock,
        value: (input, limits) => call(limits, (client, options) => client.send(new dist_cjs/* GetSecretValueCommand */.d2(input), options)),
        batch: (input, limits) => call(limits, (client, options) => client.send(new dist_cjs/* BatchGetSecretValueCommand */.Nr(input), options)),
        describe: (input, limits) => call(limits, (client, options) => client.send(new dist_cjs/* DescribeSecretCommand */.X5(input), options)),
    };
}
/** STS AssumeRoleWithWebIdentity. @throws Failure `TRUST_REFUSED`, `ID_TOKEN_UNAVAILABLE`, `STORE_UNAVAILABLE` */
async function assumeRole({ config, role, ports, through }, limits) {
    const { region } = config;
    const endpoint = (0,request/* storeUrl */.T4)(ports.store, config.stsEndpoint ?? awsEndpoint('sts', region));
    const token = await ports.idToken(config.audience ?? awsAudience(region));
    ports.mask(token);
    const assume = (ms) => {
        const defaults = { abortSignal: limits.signal, requestTimeout: ms };
        return (0,credential_provider_web_identity_dist_cjs.fromWebToken)({
            roleArn: role,
            roleSessionName: `slipway-${ports.run}`,
            webIdentityToken: token.reveal(),
            durationSeconds: sessionSeconds,
            clientConfig: {
                ...settings,
                region,
                endpoint: endpoint.href,
                requestHandler: { ...sdkHandler({ ...through, endpoint, defaults }) },
            },
        })();
    };
    return await trusted({ ports, limits, token, role }, assume);
}
/** What the runner has: variables, files, or the role of its machine, in the SDK's own order. */
async function ambient(client, { store }) {
    try {
        return await client.config.credentials();
    }
    catch {
        throw noCredentials(store);
    }
}


/***/ })

};
;