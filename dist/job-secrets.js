"use strict";
exports.id = 211;
exports.ids = [211];
exports.modules = {

/***/ 211:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  loadStores: () => (/* binding */ loadStores),
  readSecrets: () => (/* binding */ readSecrets)
});

// EXTERNAL MODULE: ./build/adapters/yaml.js
var yaml = __webpack_require__(8153);
// EXTERNAL MODULE: ./build/domain/failure.js
var domain_failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/domain/config/schema/edits.js
var edits = __webpack_require__(3234);
// EXTERNAL MODULE: ./build/domain/config/schema/sections.js + 8 modules
var sections = __webpack_require__(8271);
// EXTERNAL MODULE: ./build/domain/config/schema/value-types.js
var value_types = __webpack_require__(346);
// EXTERNAL MODULE: ./build/domain/config/schema/vocabulary.js
var vocabulary = __webpack_require__(1159);
// EXTERNAL MODULE: ./build/domain/config/reading/configuration.js + 9 modules
var configuration = __webpack_require__(1528);
// EXTERNAL MODULE: ./build/domain/config/reading/placeholders.js
var placeholders = __webpack_require__(4628);
// EXTERNAL MODULE: ./build/domain/config/reading/plain.js
var reading_plain = __webpack_require__(5800);
// EXTERNAL MODULE: ./build/domain/config/reading/problems.js
var problems = __webpack_require__(8370);
// EXTERNAL MODULE: ./build/domain/config/reading/secret-checks.js + 1 modules
var secret_checks = __webpack_require__(7786);
// EXTERNAL MODULE: ./build/domain/config/reading/secret-requests.js
var secret_requests = __webpack_require__(7585);
;// CONCATENATED MODULE: ./build/domain/config/reading/secrets.js











/**
 * What is needed to fetch secrets, and nothing else.
 * @throws Failure `CONFIG_INVALID`, `REFERENCE_INVALID`, `NOT_YET`, `STAGE_UNKNOWN`, `INPUT_INVALID`
 */
function readSecretsConfiguration({ file, stage, stores }) {
    const inFile = storeNames(file?.value);
    const given = stores === undefined ? undefined : readPart(asFile(stores), stage, inFile);
    const names = Object.keys(given?.stores ?? {});
    const read = file !== undefined && isWhole(file.value) ? (0,configuration/* readConfiguration */.T)(file, stage, names) : readPart(file, stage, names);
    const { environment, secrets, secretsDeadline } = read;
    return { stage: read.stage, environment, secrets, secretsDeadline, stores: { ...read.stores, ...given?.stores } };
}
/** A file that says what is deployed is checked as such. */
function isWhole(value) {
    return (0,edits/* isMap */.jh)(value) && ['application', 'stages', 'deploy_to'].some((key) => value[key] !== undefined);
}
function asFile(stores) {
    const place = (path, where, ahead) => stores.place(path.slice(1), where, ahead);
    return { path: stores.path, value: { stores: stores.value ?? {} }, place };
}
function storeNames(value) {
    return (0,edits/* isMap */.jh)(value) && (0,edits/* isMap */.jh)(value['stores']) ? Object.keys(value['stores']) : [];
}
const part = (0,vocabulary/* map */.Tj)({ stores: sections/* sections */.V.stores, secrets: sections/* sections */.V.secrets, secrets_deadline: sections/* sections */.V.secrets_deadline });
function readPart(file, stage, given) {
    const name = stage === '' ? undefined : stage;
    if (name !== undefined && !(0,value_types/* isStageName */._H)(name))
        throw new domain_failure/* Failure */.HR('INPUT_INVALID', '`stage` is a name of letters, digits, ".", "_" and "-".');
    const plain = (0,reading_plain/* plainValue */._)(file?.value ?? {});
    const read = part.safeParse(plain.value, vocabulary/* readOnce */.WY);
    const stageless = name === undefined ? (0,placeholders/* unfilledStage */.A)(plain.value) : [];
    const wrong = [...plain.problems, ...(0,problems/* problemsOf */.GW)(read.error?.issues ?? []), ...(0,placeholders/* misplaced */.j)(plain.value)];
    const unfit = read.success ? (0,secret_checks/* secretProblems */.J)(read.data, new Set(), given) : [];
    const failure = file && (0,problems/* failureOf */.g5)(file, [...wrong, ...(0,configuration/* elsewhere */.J)(wrong, [...stageless, ...unfit])]);
    if (failure !== undefined)
        throw failure;
    const data = read.data ?? part.parse({});
    return {
        stage: name,
        environment: undefined,
        stores: (0,secret_requests/* storesOf */.oi)(data, name),
        secrets: (0,secret_requests/* requestsOf */.uD)(data, name),
        secretsDeadline: data.secrets_deadline,
    };
}

// EXTERNAL MODULE: ./build/domain/text/nearest.js
var nearest = __webpack_require__(20);
;// CONCATENATED MODULE: ./build/domain/secrets/line-words.js
/**
 * Splits the rest of a line into words at white space. Quotes hold white space together, at the begin of a word or behind its first `=`;
 * in double ones `\"` and `\\` are escapes. A comment begins with `#` between white space.
 */
function splitWords(line, from) {
    const words = [];
    let at = from;
    for (;;) {
        while (isSpace(line[at]))
            at += 1;
        if (at >= line.length)
            return words;
        if (line[at] === '#')
            return line.length === at + 1 || isSpace(line[at + 1]) ? words : commentFault(at);
        const read = readWord(line, at);
        if ('sentence' in read)
            return read;
        words.push(read.word);
        at = read.end;
    }
}
function readWord(line, start) {
    if (isQuote(line[start]))
        return quotedWord(line, start, start);
    const [option = ''] = /^[^ \t=]+=/.exec(line.slice(start)) ?? [];
    const opening = start + option.length;
    return option !== '' && isQuote(line[opening]) ? quotedWord(line, start, opening) : bareWord(line, start);
}
function bareWord(line, start) {
    const [text = ''] = /^[^ \t]+/.exec(line.slice(start)) ?? [];
    return { word: wordOf(text, start, indexes(start, text.length)), end: start + text.length };
}
function quotedWord(line, start, opening) {
    const quote = line[opening];
    const columns = [...indexes(start, opening - start)];
    let text = line.slice(start, opening);
    let at = opening + 1;
    while (at < line.length && line[at] !== quote) {
        if (quote === '"' && line[at] === '\\' && (line[at + 1] === '"' || line[at + 1] === '\\'))
            at += 1;
        text += line[at];
        columns.push(at);
        at += 1;
    }
    if (at >= line.length)
        return { column: opening + 1, sentence: 'the quote is not closed' };
    if (at + 1 < line.length && !isSpace(line[at + 1]))
        return { column: at + 2, sentence: 'behind a closing quote stands white space' };
    return { word: wordOf(text, start, columns), end: at + 1 };
}
function wordOf(text, start, columns) {
    return { text, column: start + 1, columns: columns.map((index) => index + 1) };
}
function indexes(start, length) {
    return Array.from({ length }, (_, index) => start + index);
}
function commentFault(at) {
    return { column: at + 1, sentence: 'a comment has a space behind its `#`; quote a reference that holds white space' };
}
function isSpace(character) {
    return character === ' ' || character === '\t';
}
function isQuote(character) {
    return character === '"' || character === "'";
}

// EXTERNAL MODULE: ./build/domain/text/measures.js
var measures = __webpack_require__(65);
// EXTERNAL MODULE: ./build/domain/secrets/reference.js
var reference = __webpack_require__(8871);
;// CONCATENATED MODULE: ./build/domain/secrets/options.js



const options_forms = {
    version: { test: (text) => text !== '', says: 'a version of the store' },
    stage: { test: (text) => text !== '', says: 'a stage of the store, such as AWSPREVIOUS' },
    max_age: { test: (text) => ((0,measures/* parseDuration */.E9)(text) ?? 0) > 0, says: 'a duration such as 90d' },
    on_stale: { test: (text) => ['warn', 'fail'].includes(text), says: '`warn` or `fail`' },
    mask: { test: (text) => ['true', 'false'].includes(text), says: '`true` or `false`' },
    fallback: { test: () => true, says: 'a reference' },
    fallback_when: {
        test: (text) => ['unavailable', 'unreachable'].includes(text),
        says: '`unavailable` or `unreachable`',
    },
    allow_fallback: { test: (text) => ['true', 'false'].includes(text), says: '`true` or `false`' },
};
/** Reads `option=value` words. Every complaint is added to `complaints`, and the rest is read all the same. */
function readOptions(words, complaints) {
    const given = new Map();
    for (const word of words) {
        const complaint = takeOption(word, given);
        if (complaint !== undefined)
            complaints.push({ column: word.column, sentence: complaint });
    }
    if (given.has('version') && given.has('stage'))
        complaints.push({ column: columnOf(given, 'stage'), sentence: '`version` and `stage` exclude each other' });
    const text = (key) => given.get(key)?.value;
    const maxAge = text('max_age');
    return {
        version: text('version'),
        stage: text('stage'),
        treatment: {
            maxAge: maxAge === undefined ? undefined : (0,measures/* parseDuration */.E9)(maxAge),
            onStale: text('on_stale') === 'fail' ? 'fail' : 'warn',
            mask: text('mask') === 'false' ? 'shown' : 'masked',
            fallback: readFallback(given, complaints),
        },
    };
}
/** Adds one option to `given`. @returns what is wrong with it */
function takeOption(word, given) {
    const [start, name] = /^([A-Za-z_-]{1,30})=/.exec(word.text) ?? [];
    if (start === undefined || name === undefined)
        return 'behind the reference stand options as `option=value`; quote a reference that holds white space';
    if (!isKey(name)) {
        const known = (0,nearest/* nearest */.p)(name, Object.keys(options_forms));
        return `there is no option \`${name}\`${known === undefined ? '' : `; did you mean \`${known}\`?`}`;
    }
    if (given.has(name))
        return `\`${name}\` is given twice`;
    const value = word.text.slice(start.length);
    if (!options_forms[name].test(value))
        return `\`${name}\` is ${options_forms[name].says}`;
    given.set(name, { value, word, ahead: start.length });
    return undefined;
}
function readFallback(given, complaints) {
    const fallback = given.get('fallback');
    if (fallback === undefined) {
        for (const key of ['fallback_when', 'allow_fallback'])
            if (given.has(key))
                complaints.push({ column: columnOf(given, key), sentence: `\`${key}\` needs a \`fallback\`` });
        return undefined;
    }
    const from = readReference(fallback.value, fallback, complaints);
    if (from === undefined)
        return undefined;
    return {
        from,
        when: given.get('fallback_when')?.value === 'unreachable' ? 'unreachable' : 'unavailable',
        gated: given.get('allow_fallback')?.value === 'true' ? 'allowed' : 'refused',
    };
}
/** The reference that stands in a word, behind `ahead` characters of it. */
function readReference(text, where, complaints) {
    const parsed = (0,reference/* parseReference */.F2)(text);
    if (parsed.kind === 'reference')
        return parsed.reference;
    const column = where.word.columns[where.ahead + parsed.at] ?? (where.word.columns.at(-1) ?? where.word.column - 1) + 1;
    complaints.push({ column, sentence: parsed.sentence });
    return undefined;
}
function columnOf(given, key) {
    return given.get(key)?.word.column ?? 1;
}
function isKey(name) {
    return Object.hasOwn(options_forms, name);
}

// EXTERNAL MODULE: ./build/domain/secrets/request.js
var secrets_request = __webpack_require__(8147);
;// CONCATENATED MODULE: ./build/domain/secrets/lines.js






/**
 * The lines of the input `secrets`: `NAME = reference [option=value…]`, with quotes where wanted, comments and empty lines.
 * @param stores the names of `stores:`; `env` is known besides
 * @throws Failure `REFERENCE_INVALID` with everything that is wrong, each as `secrets:LINE:COLUMN`
 */
function parseLines(text, stores) {
    const known = new Set([...stores, 'env']);
    const first = new Map();
    const problems = [];
    const requests = [];
    for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
        if (/^\s*(#|$)/.test(line))
            continue;
        const complaints = [];
        const request = readLine(line, known, complaints);
        if (request !== undefined)
            complaints.push(...repeated(request, first, index + 1));
        if (request !== undefined)
            requests.push(request);
        problems.push(...complaints.map((complaint) => at(index + 1, complaint)));
    }
    if (problems.length > 0)
        throw (0,domain_failure/* together */.bs)('REFERENCE_INVALID', `${problems.length} things are wrong with the lines of \`secrets\`.`, problems);
    return requests;
}
/** The line that reads back as this very request. */
function renderLine(request) {
    const { from, fallback } = request;
    const options = [
        ...(request.maxAge === undefined ? [] : [`max_age=${request.maxAge}ms`]),
        ...(request.onStale === 'fail' ? ['on_stale=fail'] : []),
        ...(request.mask === 'shown' ? ['mask=false'] : []),
        ...(fallback === undefined ? [] : [`fallback=${quoted(renderReference(fallback.from))}`]),
        ...(fallback?.when === 'unreachable' ? ['fallback_when=unreachable'] : []),
        ...(fallback?.gated === 'allowed' ? ['allow_fallback=true'] : []),
    ];
    return [renderNames(request.names), '=', quoted(renderReference(from)), ...options].join(' ');
}
function readLine(line, known, complaints) {
    const [start, indent = '', name = ''] = /^([ \t]*)([^ \t=]+)[ \t]*=/.exec(line) ?? [];
    if (start === undefined) {
        complaints.push({ column: 1, sentence: 'a line is written `NAME = store://locator`, with options behind it' });
        return undefined;
    }
    const names = (0,secrets_request/* parseNames */.G)(name);
    const nameColumn = indent.length + 1;
    if (names === undefined)
        complaints.push({
            column: nameColumn,
            sentence: 'a name is letters, digits and `_`, or `NAME_*` for many secrets',
        });
    const words = splitWords(line, start.length);
    if ('sentence' in words)
        complaints.push(words);
    if (names === undefined || 'sentence' in words)
        return undefined;
    const [word, ...rest] = words;
    if (word === undefined) {
        complaints.push({ column: start.length + 1, sentence: 'the reference is missing' });
        return undefined;
    }
    const from = readReference(word.text, { word, ahead: 0 }, complaints);
    const options = readOptions(rest, complaints);
    if (from === undefined)
        return undefined;
    complaints.push(...unfit({ names, from, options, word }, known, nameColumn));
    return { names, from: pinned(from, options), ...options.treatment };
}
/** What does not go together, although each part can be read. */
function unfit({ names, from, options, word }, known, nameColumn) {
    const complaints = [];
    for (const { store } of [
        from,
        ...(options.treatment.fallback === undefined ? [] : [options.treatment.fallback.from]),
    ])
        if (!known.has(store))
            complaints.push({ column: word.column, sentence: unknownStore(store, known) });
    if (names.kind === 'single' && (0,reference/* isTree */.xK)(from))
        complaints.push({ column: nameColumn, sentence: '`/**` gives many secrets: write `NAME_*` in front of it' });
    const pins = [from.version, from.stage, options.version, options.stage].filter((pin) => pin !== undefined);
    if (pins.length > 1 && (from.version ?? from.stage) !== undefined)
        complaints.push({ column: word.column, sentence: 'the reference names a version or stage already' });
    if ((0,reference/* isTree */.xK)(from) && options.version !== undefined)
        complaints.push({ column: word.column, sentence: 'the secrets below `/**` have no version in common' });
    return complaints;
}
function unknownStore(store, known) {
    const close = (0,nearest/* nearest */.p)(store, [...known]);
    return `there is no store \`${store}\`${close === undefined ? '' : `; did you mean \`${close}\`?`}`;
}
function pinned(from, options) {
    return { ...from, version: from.version ?? options.version, stage: from.stage ?? options.stage };
}
function repeated(request, first, line) {
    const name = (0,secrets_request/* renderNames */.p)(request.names);
    const before = first.get(name);
    if (before === undefined)
        first.set(name, line);
    return before === undefined ? [] : [{ column: 1, sentence: `\`${name}\` stands in line ${before} already` }];
}
function at(line, { column, sentence }) {
    return new domain_failure/* Failure */.HR('REFERENCE_INVALID', `secrets:${line}:${column}: ${sentence}.`);
}
/** As it is where nothing in it needs quotes. */
function quoted(text) {
    return /[ \t"']/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

// EXTERNAL MODULE: ./build/actions/job/document.js
var job_document = __webpack_require__(4630);
;// CONCATENATED MODULE: ./build/actions/job/secrets.js






/**
 * The stores of the stage and everything that is to be fetched. A file is not needed where stores or references are given.
 * @throws Failure `CONFIG_*`, `REFERENCE_INVALID`, `STAGE_UNKNOWN`, `NOT_YET`
 */
async function readSecrets(files, choice) {
    const isOptional = choice.stores !== undefined || choice.lines.trim() !== '';
    const isMissing = isOptional && (await files.text(choice.config)) === undefined;
    const configuration = readSecretsConfiguration({
        file: isMissing ? undefined : await (0,job_document/* readDocument */.u)(files, choice.config),
        stage: choice.stage,
        stores: choice.stores === undefined ? undefined : (0,yaml/* readYaml */.g)('stores', choice.stores),
    });
    return { configuration, requests: requestsOf(configuration, choice.lines) };
}
/** Loaded from here, so that the bundle holds once what stores and configuration share. */
function loadStores() {
    return __webpack_require__.e(/* import() */ 805).then(__webpack_require__.bind(__webpack_require__, 805));
}
function requestsOf({ secrets, stores, stage }, lines) {
    const fill = (request) => stage === undefined ? request : { ...request, from: (0,reference/* fillReference */.$3)(request.from, { stage }) };
    const requests = [...secrets, ...parseLines(lines, Object.keys(stores)).map(fill)];
    if (requests.length > 0)
        return requests;
    throw new domain_failure/* Failure */.HR('CONFIG_INVALID', 'There is nothing to fetch: neither the file nor the input `secrets` names a secret.', {
        hint: 'Write `NAME: store://locator` under `secrets:`, or lines of `NAME = store://locator` into the input `secrets`.',
    });
}


/***/ })

};
;