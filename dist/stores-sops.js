"use strict";
exports.id = 602;
exports.ids = [602];
exports.modules = {

/***/ 4602:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openSops: () => (/* binding */ openSops)
});

// EXTERNAL MODULE: ./build/domain/failure.js
var failure = __webpack_require__(7762);
// EXTERNAL MODULE: ./build/domain/secrets/secret.js
var secret = __webpack_require__(8520);
;// CONCATENATED MODULE: ./build/domain/secrets/sops/numbers.js
/** A float as Go's `FormatFloat(value, 'f', -1, 64)` writes it: the shortest digits that read back equal, never an exponent. */
function decimal(value) {
    if (Number.isNaN(value))
        return 'NaN';
    if (!Number.isFinite(value))
        return value > 0 ? '+Inf' : '-Inf';
    const sign = value < 0 || Object.is(value, -0) ? '-' : '';
    const [, whole = '', part = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(Math.abs(value))) ?? [];
    return sign + shifted(whole, part, Number(exponent));
}
/** The digits with the point moved by `places`, to the right where they are positive. */
function shifted(whole, part, places) {
    if (places >= 0)
        return point(whole + part.slice(0, places).padEnd(places, '0'), part.slice(places));
    const digits = whole.padStart(1 - places, '0');
    return point(digits.slice(0, places), digits.slice(places) + part);
}
function point(whole, part) {
    return part === '' ? whole : `${whole}.${part}`;
}
const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;
/** The decimal text of an integer that Go's `int` can hold. */
function int64(value) {
    return value >= least && value <= most ? value.toString() : undefined;
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/times.js
const times_forms = [
    /^(\d{4})-(\d{1,2})-(\d{1,2})[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[+-]\d{2}:\d{2})$/,
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?)?$/,
];
/** A date as the YAML library of sops takes it, in RFC 3339 with the nanoseconds that are not zero; `undefined` where it is none. */
function rfc3339(text) {
    const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = times_forms.map((form) => form.exec(text)).find((match) => match !== null) ?? [];
    if (year === undefined || month === undefined || day === undefined)
        return undefined;
    const [date, time] = [`${year}-${two(month)}-${two(day)}`, `${two(hour)}:${two(minute)}:${two(second)}`];
    if (!exists(date, time) || !isZone(zone))
        return undefined;
    const nanoseconds = fraction.slice(0, 9).replace(/0+$/, '');
    return `${date}T${time}${nanoseconds === '' ? '' : `.${nanoseconds}`}${/^[+-]00:00$/.test(zone) ? 'Z' : zone}`;
}
function two(digits) {
    return digits.padStart(2, '0');
}
/** No 30 February, no hour 24. */
function exists(date, time) {
    const instant = new Date(`${date}T${time}Z`);
    return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(`${date}T${time}`);
}
function isZone(zone) {
    const [, hours = '0', minutes = '0'] = /^[+-](\d{2}):(\d{2})$/.exec(zone) ?? [];
    return Number(hours) < 24 && Number(minutes) < 60;
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/values.js


/** What a scalar that is not encrypted means, read as the YAML library of sops reads it; JSON is read the same. */
function plainValue({ text, style }) {
    if (typeof text !== 'string')
        return { type: 'str', bytes: text };
    return style === 'text' ? ofText('str', text) : (plainForm(text) ?? ofText('str', text));
}
/** What was encrypted, by the type that its envelope names; `undefined`: the type is unknown, or the bytes are none of that type. */
function decryptedValue(type, bytes) {
    if (type === 'str' || type === 'bytes' || type === 'comment')
        return { type, bytes };
    const text = new TextDecoder().decode(bytes);
    switch (type) {
        case 'int':
            return typed('int', /^[+-]?\d+$/.test(text) ? int64(BigInt(text.replace(/^\+/, ''))) : undefined);
        case 'float':
            return typed('float', /^(?:[+-]?[\d.]+(?:e[+-]?\d+)?|NaN|[+-]Inf)$/i.test(text) ? decimal(goFloat(text)) : undefined);
        case 'bool':
            return typed('bool', truths.get(text));
        case 'time':
            return typed('time', rfc3339(text));
        default:
            return undefined;
    }
}
/** The text of a value as a secret has it; `undefined` where its bytes are no text. */
function textOf({ type, bytes }) {
    try {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
        return type === 'bool' ? text.toLowerCase() : text;
    }
    catch {
        return undefined;
    }
}
/** What Go's `ParseBool` takes. */
const truths = new Map([
    ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, 'True']),
    ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, 'False']),
]);
const words = new Map([
    ...['', '~', 'null', 'Null', 'NULL'].map((text) => [text, ofText('null', '')]),
    ...['true', 'True', 'TRUE'].map((text) => [text, ofText('bool', 'True')]),
    ...['false', 'False', 'FALSE'].map((text) => [text, ofText('bool', 'False')]),
    ...['.nan', '.NaN', '.NAN'].map((text) => [text, ofText('float', 'NaN')]),
    ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, ofText('float', '+Inf')]),
    ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, ofText('float', '-Inf')]),
]);
/** Numbers, dates and words without quotes; `undefined`: it is text. */
function plainForm(text) {
    const word = words.get(text);
    if (word !== undefined)
        return word;
    if (!/^[-+.\d]/.test(text))
        return undefined;
    const time = rfc3339(text);
    if (time !== undefined)
        return ofText('time', time);
    const digits = text.startsWith('.') ? text : text.replaceAll('_', '');
    const whole = integer(digits);
    const exact = whole === undefined ? undefined : int64(whole);
    if (exact !== undefined)
        return ofText('int', exact);
    const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/.test(digits) ? Number(digits) : undefined;
    return float === undefined || !Number.isFinite(float) ? undefined : ofText('float', decimal(float));
}
/** Decimal, `0x`, `0b`, `0o`, and octal with a leading zero as YAML 1.1 had it. */
function integer(text) {
    const [, sign = '', digits = ''] = /^([-+]?)(0x[\da-f]+|0b[01]+|0o[0-7]+|0[0-7]+|0|[1-9]\d*)$/i.exec(text) ?? [];
    if (digits === '')
        return undefined;
    const value = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits.toLowerCase());
    return sign === '-' ? -value : value;
}
function goFloat(text) {
    return Number(text.replace('Inf', 'Infinity'));
}
function typed(type, text) {
    return text === undefined ? undefined : ofText(type, text);
}
function ofText(type, text) {
    return { type, bytes: new TextEncoder().encode(text) };
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/locate.js

/**
 * What a locator means: `db/password` is a value, `db` a map with its fields, `db/**` every value below it; items of a list have numbers from 0.
 * All documents of the file are one space of names.
 * @returns what is wrong, as the rest of a sentence that names keys and never values, where there is no such thing
 */
function locate(documents, locator) {
    const all = locator.endsWith('/**');
    const keys = (all ? locator.slice(0, -3) : locator).split('/');
    const found = documents.flatMap((document) => step(document, keys) ?? []);
    const [tree, another] = found;
    if (tree === undefined)
        return 'is not in the file';
    if (another !== undefined)
        return 'is in several documents of the file';
    const places = all ? placesBelow(tree, []) : placeAt(tree);
    return places.includes(undefined)
        ? 'holds bytes that are no text: store them as base64'
        : places.length === 0
            ? 'holds nothing'
            : places.filter((place) => place !== undefined);
}
function step(tree, [key, ...rest]) {
    if (key === undefined)
        return tree;
    const next = itemsOf(tree).find((item) => item.key === key)?.value;
    return next === undefined ? undefined : step(next, rest);
}
/** `undefined` in place of what is no text. */
function placeAt(tree) {
    if (isNull(tree))
        return [];
    if (tree.kind !== 'map')
        return [placeOf(textIn(tree), [])];
    const fields = tree.items
        .filter(({ value }) => !isNull(value))
        .map(({ key, value }) => [key, textIn(value)]);
    const texts = fields.flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]));
    return texts.length < fields.length
        ? [undefined]
        : [{ path: '', content: { kind: 'fields', fields: new Map(texts) } }];
}
function placesBelow(tree, path) {
    if (isNull(tree))
        return [];
    if (tree.kind === 'leaf')
        return [placeOf(textIn(tree), path)];
    return itemsOf(tree).flatMap(({ key, value }) => placesBelow(value, [...path, key]));
}
function placeOf(text, path) {
    return text === undefined ? undefined : { path: path.join('/'), content: { kind: 'text', text } };
}
function itemsOf(tree) {
    if (tree.kind === 'leaf')
        return [];
    return tree.kind === 'map' ? tree.items : tree.items.map((value, index) => ({ key: String(index), value }));
}
function isNull(tree) {
    return tree.kind === 'leaf' && tree.value.type === 'null';
}
/** Text as it is, everything else as its JSON. */
function textIn(tree) {
    return tree.kind === 'leaf' ? textOf(tree.value) : json(tree);
}
/** Written by hand: numbers keep all their digits, and keys their order. */
function json(tree) {
    if (tree.kind === 'leaf')
        return leafJson(tree);
    const items = itemsOf(tree).map(({ key, value }) => ({ key, text: json(value) }));
    if (items.some(({ text }) => text === undefined))
        return undefined;
    return tree.kind === 'map'
        ? `{${items.map(({ key, text }) => `${JSON.stringify(key)}:${text}`).join(',')}}`
        : `[${items.map(({ text }) => text).join(',')}]`;
}
function leafJson({ value }) {
    if (value.type === 'null')
        return 'null';
    const text = textOf(value);
    const bare = value.type === 'int' || value.type === 'bool' || (value.type === 'float' && /\d/.test(text ?? ''));
    return text === undefined || bare ? text : JSON.stringify(text);
}

// EXTERNAL MODULE: ./build/domain/text/escape.js
var text_escape = __webpack_require__(8835);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/domain/secrets/sops/dotenv.js
const prefix = 'sops_';
/**
 * A dotenv file of SOPS: one `NAME=value` a line, line breaks as `\n`, the metadata flat in names such as `sops_age__list_0__map_enc`.
 * @returns the number of the line that is none
 */
function readDotenv(text) {
    const items = [];
    const metadata = [];
    for (const [index, line] of text.split('\n').entries()) {
        if (line === '' || line.startsWith('#'))
            continue;
        const [, name, value] = /^([^=]*)=(.*)$/s.exec(line) ?? [];
        if (name === undefined || value === undefined)
            return index + 1;
        const scalar = { kind: 'scalar', text: value.replaceAll('\\n', '\n'), style: 'text', line: index + 1 };
        if (name.startsWith(prefix))
            metadata.push({ key: name.slice(prefix.length), value: scalar });
        else
            items.push({ key: name, value: scalar });
    }
    return { kind: 'map', items: metadata.length === 0 ? items : [...items, { key: 'sops', value: nested(metadata) }] };
}
/** Undoes the flat names: `a__map_b` is `b` in `a`, `a__list_0` the first item of `a`. */
function nested(flat) {
    const [only] = flat;
    if (only !== undefined && only.key === '')
        return only.value;
    const groups = [
        ...Map.groupBy(flat, ({ key }) => /^(?:__map_|__list_)?(?:(?!__map_|__list_)[\s\S])*/.exec(key)?.[0] ?? ''),
    ];
    const items = groups.map(([head, all]) => ({
        key: head.replace(/^__(?:map|list)_/, ''),
        value: nested(all.map(({ key, value }) => ({ key: key.slice(head.length), value }))),
    }));
    return groups[0]?.[0].startsWith('__list_') === true
        ? { kind: 'list', items: items.map(({ value }) => value) }
        : { kind: 'map', items };
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/envelope.js
const envelope_form = /^ENC\[AES256_GCM,data:([A-Za-z0-9+/]+={0,2}),iv:([A-Za-z0-9+/]+={0,2}),tag:([A-Za-z0-9+/]+={0,2}),type:([a-z]+)\]$/;
function parseEnvelope(text) {
    const [, data, iv, tag, type] = envelope_form.exec(text) ?? [];
    return data === undefined || iv === undefined || tag === undefined || type === undefined
        ? undefined
        : { data, iv, tag, type };
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/go-pattern.js
/** Escapes that mean the same in both languages; what is not a letter or digit stands for itself when it is escaped. */
const sameEscape = /^\\(?:[bBdDwWnrtfv]|x[\da-fA-F]{2}|[^\p{L}\p{N}])$/u;
const space = '\\t\\n\\f\\r ';
const pieces = /\\x\{[\da-fA-F]+\}|\\x[\da-fA-F]{2}|\\[\s\S]|\(\?P<|\(\?[A-Za-z-]*[):]|\(\?[\s\S]|\[\^?\]|\[\[:|\[:|\[|\]|[^\\([\]]+|[\s\S]/gu;
/**
 * A regular expression of Go's (RE2 syntax), which the rules of a SOPS file are written in, as one of ours.
 * `undefined` where it is none, or uses what has another meaning or none here: a rule that is misread would leave values unproved.
 */
function goPattern(source) {
    const [start = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? [];
    let inClass = false;
    const translated = (source.slice(start.length).match(pieces) ?? []).map((piece) => {
        if (inClass) {
            inClass = piece !== ']';
            return classPiece(piece);
        }
        inClass = piece === '[';
        return outsidePiece(piece);
    });
    if (translated.includes(undefined))
        return undefined;
    try {
        return new RegExp(translated.join(''), [...new Set(flags)].join(''));
    }
    catch {
        return undefined;
    }
}
function outsidePiece(piece) {
    if (piece === '\\A')
        return '(?<![\\s\\S])';
    if (piece === '\\z')
        return '(?![\\s\\S])';
    if (piece === '\\s')
        return `[${space}]`;
    if (piece === '\\S')
        return `[^${space}]`;
    if (piece === '(?P<')
        return '(?<';
    if (/^\(\?[ims]*:$/.test(piece))
        return piece;
    if (piece.startsWith('(?') || piece.startsWith('[:') || (piece.length > 1 && piece.startsWith('[')))
        return undefined;
    return piece.startsWith('\\') && !sameEscape.test(piece) ? undefined : piece;
}
function classPiece(piece) {
    if (piece === '\\s')
        return space;
    if (piece === '[')
        return '\\[';
    if (piece.startsWith('['))
        return undefined;
    return piece.startsWith('\\') && (!sameEscape.test(piece) || /^\\[bB]$/.test(piece)) ? undefined : piece;
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/rule.js



const defaultSuffix = '_unencrypted';
const keys = [
    'unencrypted_suffix',
    'encrypted_suffix',
    'unencrypted_regex',
    'encrypted_regex',
    'unencrypted_comment_regex',
    'encrypted_comment_regex',
];
/**
 * The rule of a file, from its metadata: at most one; without one, what is below a key that ends in `_unencrypted` is plain.
 * @throws Failure `STORE_INVALID`
 */
function readRule(path, text) {
    const [key = 'unencrypted_suffix', ...more] = keys.filter((one) => text(one) !== '');
    if (more.length > 0)
        throw new failure/* Failure */.HR('STORE_INVALID', `\`${(0,text_escape/* plain */.pj)(path, 200)}\` has both \`${key}\` and \`${more[0]}\`; SOPS knows one of them.`);
    if (key.includes('comment'))
        return { kind: 'comments' };
    const then = key.startsWith('unencrypted') ? 'plain' : 'encrypted';
    const written = text(key);
    if (key.endsWith('_suffix'))
        return { kind: 'keys', fits: (name) => name.endsWith(written || defaultSuffix), then };
    const pattern = goPattern(written);
    if (pattern === undefined)
        throw new failure/* Failure */.HR('STORE_INVALID', `The \`${key}\` of \`${(0,text_escape/* plain */.pj)(path, 200)}\` is a pattern that cannot be read here.`, {
            hint: 'Use a simpler pattern, such as `^(data|stringData)$`, and encrypt the file again.',
        });
    return { kind: 'keys', fits: (name) => pattern.test(name), then };
}
/** @param path the keys above a value and its own; places in lists have no part in it */
function isEncrypted(rule, path, looksEncrypted) {
    return rule.kind === 'comments' ? looksEncrypted : path.some(rule.fits) === (rule.then === 'encrypted');
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/tree.js
function itemOf(map, key) {
    return map.items.find((item) => item.key === key)?.value;
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/metadata.js




/** Ways to hold the data key that need a program or a cloud of their own. */
const foreignKeys = {
    pgp: 'PGP',
    kms: 'AWS KMS',
    gcp_kms: 'Google Cloud KMS',
    azure_kv: 'Azure Key Vault',
    hc_vault: 'Vault’s transit engine',
    hckms: 'Huawei Cloud KMS',
};
/**
 * The metadata of the file `path`.
 * @throws Failure `STORE_INVALID`, a sentence of its own for each kind of file that cannot be opened with an age identity
 */
function readMetadata(path, sops) {
    if (sops?.kind !== 'map')
        throw invalid(`\`${(0,text_escape/* plain */.pj)(path, 200)}\` is not encrypted by SOPS: it has no \`sops\` part`, {
            hint: 'Encrypt it with `sops encrypt`. Where it was committed as it is, rotate what stands in it.',
        });
    const lastModified = metadata_textIn(sops, 'lastmodified').replace(/\.\d+(?=Z|[+-])/, '');
    const mac = metadata_textIn(sops, 'mac');
    if (mac === '' || Number.isNaN(Date.parse(lastModified)))
        throw invalid(`\`${(0,text_escape/* plain */.pj)(path, 200)}\` has no \`${mac === '' ? 'mac' : 'lastmodified'}\`, so nothing proves its values`);
    return {
        recipients: recipientsOf(path, keysOf(path, sops)),
        lastModified,
        mac,
        macCovers: metadata_textIn(sops, 'mac_only_encrypted') === 'true' ? 'encrypted values' : 'all values',
        rule: readRule(path, (key) => metadata_textIn(sops, key)),
    };
}
/** Where the data key is whole: a file of several key groups holds only parts of it. */
function keysOf(path, sops) {
    const groups = itemOf(sops, 'key_groups');
    const [group, ...others] = groups?.kind === 'list' ? groups.items : [];
    if (others.length > 0)
        throw invalid(`\`${(0,text_escape/* plain */.pj)(path, 200)}\` has ${others.length + 1} key groups, which share the data key (Shamir)`, {
            hint: 'Encrypt the file for one key group with an age recipient.',
        });
    return group?.kind === 'map' ? group : sops;
}
function recipientsOf(path, keys) {
    const age = itemOf(keys, 'age');
    const entries = age?.kind === 'list' ? age.items : [];
    const recipients = entries.flatMap((entry) => entry.kind === 'map' ? [{ name: metadata_textIn(entry, 'recipient'), file: metadata_textIn(entry, 'enc') }] : []);
    if (recipients.length === 0)
        throw invalid(`\`${(0,text_escape/* plain */.pj)(path, 200)}\` ${onlyFor(foreignIn(keys))}`, { hint: addRecipient });
    const native = recipients.filter(({ name }) => isNative(name));
    if (native.length > 0)
        return native;
    const kind = recipients.every(({ name }) => name.startsWith('ssh-')) ? 'SSH keys' : 'SSH keys or plugins of age';
    throw invalid(`\`${(0,text_escape/* plain */.pj)(path, 200)}\` is encrypted for ${kind} only, which cannot be used here`, {
        hint: addRecipient,
    });
}
const addRecipient = 'Add an age recipient (`age1…` or `age1pq1…`) with `sops updatekeys` or `sops rotate --add-age`; its identity goes into the secret that `identity` names.';
function onlyFor(foreign) {
    return foreign.length === 0 ? 'names no key that could open it' : `is encrypted for ${foreign.join(' and ')} only`;
}
function foreignIn(keys) {
    return Object.entries(foreignKeys).flatMap(([key, name]) => {
        const entries = itemOf(keys, key);
        return entries?.kind === 'list' && entries.items.length > 0 ? [name] : [];
    });
}
/** X25519 (`age1…`) and the post-quantum hybrid (`age1pq1…`); a plugin has its name between `age1` and another `1`. */
function isNative(recipient) {
    return /^age1(?:pq1)?[02-9ac-hj-np-z]+$/.test(recipient);
}
/** The text of a scalar; empty where there is none. */
function metadata_textIn(map, key) {
    const value = itemOf(map, key);
    return value?.kind === 'scalar' && typeof value.text === 'string' ? value.text : '';
}
function invalid(sentence, details = {}) {
    return new failure/* Failure */.HR('STORE_INVALID', `${sentence}.`, details);
}

;// CONCATENATED MODULE: ./build/domain/secrets/sops/reveal.js





/** `echo -n sops | sha256sum`, put in front where the MAC covers encrypted values only, so that the two kinds of MAC never agree. */
const onlyEncrypted = Uint8Array.of(...[0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b], ...[0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f, 0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69]);
/**
 * Decrypts the values of all documents in the order of the file. Nothing of it may be used before its MAC is compared.
 * github.com/getsops/sops: `Tree.Decrypt`, `ToBytes`.
 * @throws Failure `STORE_INVALID` with the line of what does not decrypt
 */
function revealed(file, decrypt) {
    const { path, metadata } = file;
    const proved = metadata.macCovers === 'all values' ? [] : [onlyEncrypted];
    const walk = { path, metadata, decrypt, proved };
    return { documents: file.documents.map((document) => branch(walk, document, [])), proved };
}
function branch(walk, node, keys) {
    switch (node.kind) {
        case 'map':
            return {
                kind: 'map',
                items: node.items.map(({ key, value }) => ({ key, value: branch(walk, value, [...keys, key]) })),
            };
        case 'list':
            return {
                kind: 'list',
                items: node.items.map((item) => branch(walk, item, keys)).filter((item) => !isComment(item)),
            };
        case 'scalar':
            return { kind: 'leaf', value: leaf(walk, node, keys) };
    }
}
/** A comment in a list becomes an entry of the list when it is encrypted. */
function isComment(tree) {
    return tree.kind === 'leaf' && tree.value.type === 'comment';
}
function leaf({ path, metadata, decrypt, proved }, scalar, keys) {
    const envelope = typeof scalar.text === 'string' ? parseEnvelope(scalar.text) : undefined;
    const encrypted = isEncrypted(metadata.rule, keys, envelope !== undefined);
    const value = encrypted
        ? decrypted(scalar, envelope, (one) => decrypt(one, `${keys.join(':')}:`))
        : plainValue(scalar);
    if (value === undefined)
        throw new failure/* Failure */.HR('STORE_INVALID', `\`${(0,text_escape/* plain */.pj)(path, 200)}\`, line ${scalar.line}: ${(0,text_escape/* plain */.pj)(keys.join('.'), 200)} ${envelope === undefined ? 'is not encrypted, though the rule of the file says so' : 'does not decrypt: it was changed, or moved from another place'}.`, { hint: restore });
    const covered = value.type !== 'comment' && value.type !== 'null' && (encrypted || metadata.macCovers === 'all values');
    if (covered)
        proved.push(value.bytes);
    return value;
}
/** Empty text and null are written as they are. */
function decrypted(scalar, envelope, decrypt) {
    if (envelope === undefined) {
        const value = plainValue(scalar);
        return value.type === 'null' || (value.type === 'str' && value.bytes.length === 0) ? value : undefined;
    }
    const bytes = decrypt(envelope);
    return bytes === undefined ? undefined : decryptedValue(envelope.type, bytes);
}
const restore = 'Find out who changed the file and when (`git log`), restore it, and edit it with `sops edit`, which writes a new MAC.';

// EXTERNAL MODULE: ./node_modules/age-encryption/dist/index.js + 48 modules
var dist = __webpack_require__(3389);
;// CONCATENATED MODULE: ./build/adapters/stores/age.js


/**
 * Reads age identities, X25519 and post-quantum, separated by white space; lines that begin with `#` are comments, as `age-keygen` writes them.
 * @throws Failure `STORE_INVALID`; nothing of the text is in it
 */
function openAge(identities) {
    const lines = identities.reveal().split(/[\r\n]+/);
    const text = lines
        .filter((line) => !line.trimStart().startsWith('#'))
        .join('\n')
        .trim();
    const wrong = misfit(text);
    if (wrong !== undefined)
        throw refused(identities, wrong);
    const words = text.split(/\s+/);
    try {
        decrypterOf(words);
    }
    catch {
        // The library's error is not kept as the cause: it may quote the identity.
        throw refused(identities, 'holds something that is no age identity');
    }
    return { open: (file) => age_open(words, file) };
}
function decrypterOf(words) {
    const decrypter = new dist/* Decrypter */.Hz();
    for (const word of words)
        decrypter.addIdentity(word);
    return decrypter;
}
/** The bytes of an armoured age file; `undefined` where it is none. */
function unarmored(text) {
    try {
        return dist/* armor.decode */.yE.decode(text);
    }
    catch {
        return undefined;
    }
}
/** What people put there by mistake. */
function misfit(text) {
    if (text === '')
        return 'is empty';
    if (/^-----BEGIN AGE ENCRYPTED FILE/.test(text))
        return 'is protected by a passphrase: store the plain identity';
    if (/^-----BEGIN /.test(text))
        return 'is an SSH key; only identities of age are taken';
    if (/(?:^|\s)AGE-PLUGIN-/.test(text))
        return 'is for a plugin of age, and plugins are not run here';
    if (/^age1/.test(text))
        return 'is the public half (`age1…`); store the identity, which begins with `AGE-SECRET-KEY-`';
    return undefined;
}
function refused({ name }, what) {
    return new failure/* Failure */.HR('STORE_INVALID', `The age identity ${name} ${what}.`, {
        hint: 'Store the line that `age-keygen` prints: `AGE-SECRET-KEY-1…` or `AGE-SECRET-KEY-PQ-1…`; several are separated by spaces.',
    });
}
/** An identity behind the others is asked only where the header was read and none of them fits. */
async function age_open(words, file) {
    const decrypter = decrypterOf(words);
    let fits = true;
    decrypter.addIdentity({
        unwrapFileKey: () => {
            fits = false;
            return null;
        },
    });
    try {
        return { kind: 'opened', bytes: await decrypter.decrypt(file) };
    }
    catch {
        return { kind: fits ? 'broken' : 'for others' };
    }
}

;// CONCATENATED MODULE: ./build/adapters/stores/sops-file.js









/**
 * Opens the SOPS file `path`, whose text this is.
 * @throws Failure `STORE_INVALID` where the file is none, or was changed without SOPS; `STORE_DENIED` where no identity fits
 */
async function openSopsFile(path, text, identity) {
    const documents = await documentsOf(path, text);
    const [first] = documents;
    const metadata = readMetadata(path, first === undefined ? undefined : itemOf(first, 'sops'));
    const key = await dataKey(path, metadata, identity);
    const values = documents.map(({ items }) => ({ kind: 'map', items: items.filter((item) => item.key !== 'sops') }));
    const read = revealed({ path, metadata, documents: values }, (envelope, additional) => decrypt(key, envelope, additional));
    verify(path, metadata, key, read.proved);
    return { documents: read.documents, changed: metadata.lastModified };
}
/** By the end of its name; any other file is YAML or JSON, as a binary file of SOPS is. The parser is loaded apart: configurations need it too. */
async function documentsOf(path, text) {
    if (path.endsWith('.ini'))
        throw new failure/* Failure */.HR('STORE_INVALID', `\`${(0,text_escape/* plain */.pj)(path, 200)}\` is an INI file, which is not read here.`, {
            hint: 'Keep the secrets in YAML, JSON or dotenv.',
        });
    const dotenv = path.endsWith('.env') ? readDotenv(text) : undefined;
    if (typeof dotenv === 'number')
        throw unreadable(path, dotenv, 'is no line of a dotenv file');
    if (dotenv !== undefined)
        return [dotenv];
    const { readSopsYaml } = await Promise.all(/* import() */[__webpack_require__.e(815), __webpack_require__.e(153)]).then(__webpack_require__.bind(__webpack_require__, 8153));
    const documents = readSopsYaml(text);
    if ('line' in documents)
        throw unreadable(path, documents.line, documents.what);
    return documents;
}
function unreadable(path, line, what) {
    return new failure/* Failure */.HR('STORE_INVALID', `\`${(0,text_escape/* plain */.pj)(path, 200)}\`, line ${line}: this ${what}.`, { hint: restore });
}
/** Each recipient has the same data key, encrypted in an age file of its own. */
async function dataKey(path, { recipients }, identity) {
    const age = openAge(identity);
    for (const { name, file } of recipients) {
        const bytes = unarmored(file.replaceAll('\\n', '\n').trim());
        const opened = bytes === undefined ? { kind: 'broken' } : await age.open(bytes);
        if (opened.kind === 'for others')
            continue;
        if (opened.kind === 'opened' && opened.bytes.length === 32)
            return opened.bytes;
        throw new failure/* Failure */.HR('STORE_INVALID', `The data key for ${(0,text_escape/* plain */.pj)(name, 80)} in \`${(0,text_escape/* plain */.pj)(path, 200)}\` is damaged.`, {
            hint: restore,
        });
    }
    const names = recipients.map(({ name }) => (0,text_escape/* plain */.pj)(name, 80)).join(', ');
    throw new failure/* Failure */.HR('STORE_DENIED', `No identity in ${identity.name} fits \`${(0,text_escape/* plain */.pj)(path, 200)}\`, encrypted for ${names}.`, {
        hint: 'Add the recipient of this identity to the file (`sops updatekeys`), or name the secret that holds the right identity.',
    });
}
/** AES-256-GCM with the additional data of the place. `undefined` where it does not verify. */
function decrypt(key, { iv, tag, data }, additional) {
    try {
        const decipher = (0,external_node_crypto_.createDecipheriv)('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
        decipher.setAuthTag(Buffer.from(tag, 'base64')).setAAD(Buffer.from(additional));
        return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
    }
    catch {
        return undefined;
    }
}
/** @throws Failure `STORE_INVALID` where a value was changed, added, removed or moved since the file was encrypted */
function verify(path, { mac, lastModified }, key, proved) {
    const envelope = parseEnvelope(mac);
    const written = envelope === undefined ? undefined : decrypt(key, envelope, lastModified);
    const hash = (0,external_node_crypto_.createHash)('sha512');
    for (const bytes of proved)
        hash.update(bytes);
    const computed = Buffer.from(hash.digest('hex').toUpperCase());
    if (written !== undefined && written.length === computed.length && (0,external_node_crypto_.timingSafeEqual)(written, computed))
        return;
    throw new failure/* Failure */.HR('STORE_INVALID', `The MAC of \`${(0,text_escape/* plain */.pj)(path, 200)}\` does not fit its values: the file was changed without SOPS.`, {
        hint: restore,
    });
}

;// CONCATENATED MODULE: ./build/adapters/stores/sops.js





/** A file of SOPS, encrypted for age recipients. It is read once, and its MAC is verified before any value is used. */
function openSops(store, workspace) {
    let opening;
    const file = () => {
        opening ??= sops_open(store, workspace);
        return opening;
    };
    const answer = async (references, take) => {
        const { documents, changed } = await file();
        return references.map((reference) => answerOf(reference, { documents, changed, take }));
    };
    return {
        read: (references) => answer(references, secretContent),
        check: (references) => answer(references, () => ({ kind: 'not read' })),
        renew: async () => [],
        [Symbol.asyncDispose]: async () => undefined,
    };
}
async function sops_open({ name, path, identity }, workspace) {
    const text = await workspace.text(path);
    if (text !== undefined)
        return await openSopsFile(path, text, identity);
    throw new failure/* Failure */.HR('STORE_INVALID', `There is no \`${(0,text_escape/* plain */.pj)(path, 200)}\` in the workspace for the store ${name}.`, {
        hint: 'Check out the repository before this step, and look at `path` of the store.',
    });
}
function answerOf(reference, { documents, changed, take }) {
    const { store, locator } = reference;
    const name = `${store}://${locator}`;
    const places = pinFault(reference, changed) ?? locate(documents, locator);
    if (places instanceof failure/* Failure */.HR)
        return { reference, failure: places };
    if (typeof places === 'string')
        return { reference, failure: new failure/* Failure */.HR('SECRET_MISSING', `${(0,text_escape/* plain */.pj)(name, 300)} ${places}.`) };
    return {
        reference,
        entries: places.map((place) => entryOf(place, changed, take(place.content, nameOf(name, place)))),
    };
}
/** The only version of a file is the one that is checked out. */
function pinFault({ store, locator, version, stage }, changed) {
    const name = (0,text_escape/* plain */.pj)(`${store}://${locator}`, 300);
    if (stage !== undefined)
        return new failure/* Failure */.HR('REFERENCE_INVALID', `${name} names a stage, and a SOPS file has none.`);
    if (version === undefined || version === changed)
        return undefined;
    return new failure/* Failure */.HR('SECRET_MISSING', `${name} is here as of ${changed}, not as of ${(0,text_escape/* plain */.pj)(version, 60)}.`, {
        hint: 'The versions of a SOPS file are commits: check out the one that is meant, or leave `version` out.',
    });
}
function nameOf(name, { path }) {
    return path === '' ? name : `${name.replace(/\*\*$/, '')}${path}`;
}
function entryOf({ path }, changed, content) {
    return {
        path,
        content,
        version: changed,
        created: new Date(changed),
        expires: undefined,
        notBefore: undefined,
        rotation: { state: 'none', next: undefined },
        lease: undefined,
    };
}
function secretContent(content, name) {
    if (content.kind === 'text')
        return { kind: 'text', text: new secret/* Secret */.z(name, content.text) };
    const fields = [...content.fields].map(([key, text]) => [key, new secret/* Secret */.z(`${name}#${key}`, text)]);
    return { kind: 'fields', fields: new Map(fields) };
}


/***/ })

};
;