"use strict";
exports.id = 153;
exports.ids = [153];
exports.modules = {

/***/ 8153:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   readSopsYaml: () => (/* binding */ readSopsYaml),
/* harmony export */   readYaml: () => (/* binding */ readYaml)
/* harmony export */ });
/* harmony import */ var yaml__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8815);
/* harmony import */ var _domain_failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7762);
/* harmony import */ var _domain_text_escape_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8835);



const largest = 1_048_576;
/**
 * Aliases, each counted with those inside of it: enough for anchors, too few for a text that expands into gigabytes.
 */
const mostAliases = 1000;
const mostTroubles = 100;
/**
 * Reads a configuration file: YAML 1.2 (core schema, merge keys), at most 1 MiB, one document, no tag but `!!str`, no
 * key twice.
 * Throws `CONFIG_INVALID` with line and column of every fault.
 */
function readYaml(path, text) {
    if (Buffer.byteLength(text) > largest)
        throw new _domain_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('CONFIG_INVALID', `${path}:1:1: the file is larger than 1 MiB.`);
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const document = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseDocument */ .Tp)(text, {
        version: '1.2',
        merge: true,
        stringKeys: true,
        uniqueKeys: false,
        prettyErrors: false,
        lineCounter: lines,
    });
    const troubles = [...syntaxTroubles(document), ...contentTroubles(document)];
    if (troubles.length > 0)
        throw asOne(path, troubles, lines);
    return {
        path,
        value: plainData(path, document),
        place: (at, where, ahead) => placeOf({ document, lines, text }, { path: at, where, ahead: ahead ?? 0 }),
    };
}
/** The documents of a SOPS file, YAML or JSON, in the order and with the quotes of the text. */
function readSopsYaml(text) {
    const lines = new yaml__WEBPACK_IMPORTED_MODULE_0__/* .LineCounter */ .HN();
    const documents = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .parseAllDocuments */ .hR)(text, {
        version: '1.2',
        schema: 'failsafe',
        stringKeys: true,
        uniqueKeys: false,
        prettyErrors: false,
        lineCounter: lines,
    });
    const trouble = [...documents].map(secretTrouble).find((found) => found !== undefined);
    if (trouble !== undefined)
        return { line: position(lines, trouble.at).line, what: trouble.what };
    return [...documents].flatMap(({ contents }) => ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(contents) ? [writtenMap(contents, lines)] : []));
}
function secretTrouble(document) {
    const [error] = document.errors;
    if (error !== undefined)
        return { at: error.pos[0], what: 'is not YAML' };
    let found;
    const stop = (node, what) => {
        found = { at: startOf(node), what };
        return yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR.BREAK;
    };
    if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(document.contents) && document.contents !== null && !isEmpty(document.contents))
        return { at: startOf(document.contents), what: 'is no map' };
    (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(document, {
        Alias: (_, node) => stop(node, 'holds an alias'),
        Scalar: (_, node) => (allowedTag(node) ? undefined : stop(node, 'holds a tag')),
        Map: (_, map) => (repeatedKeys(map).length === 0 ? undefined : stop(map, 'holds a key twice')),
    });
    return found;
}
function isEmpty(node) {
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) && node.value === '';
}
function allowedTag({ tag }) {
    return tag === undefined || tag === 'tag:yaml.org,2002:str' || tag === 'tag:yaml.org,2002:binary';
}
function writtenMap(map, lines) {
    return {
        kind: 'map',
        items: map.items.map(({ key, value }) => ({ key: nameOf(key), value: written(value, lines, key) })),
    };
}
/** @param near where it would stand, if nothing stands there */
function written(node, lines, near = node) {
    if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(node))
        return writtenMap(node, lines);
    if ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isSeq */ .oP)(node))
        return { kind: 'list', items: node.items.map((item) => written(item, lines)) };
    const line = position(lines, startOf((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(node) ? node : near)).line;
    if (!(0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node))
        return { kind: 'scalar', text: '', style: 'plain', line };
    const style = node.type === 'PLAIN' && node.tag === undefined ? 'plain' : 'text';
    return { kind: 'scalar', text: node.value instanceof Uint8Array ? node.value : String(node.value), style, line };
}
/**
 * The errors of the parser. For a text that is nested too deeply it reports thousands, of which only the first helps.
 */
function syntaxTroubles(document) {
    const exhausted = document.errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
    if (exhausted !== undefined)
        return [{ at: 0, text: 'the file is nested too deeply' }];
    const version = document.directives.yaml.version === '1.2' ? [] : [{ at: 0, text: 'only YAML 1.2 is read' }];
    const warnings = document.warnings.filter((warning) => warning.code !== 'TAG_RESOLVE_FAILED');
    return [
        ...version,
        ...[...document.errors, ...warnings].map((error) => ({
            at: error.pos[0],
            text: saidPlainly(error.code, error.message),
        })),
    ];
}
function saidPlainly(code, message) {
    if (code === 'MULTIPLE_DOCS')
        return 'the file holds more than one document';
    if (code === 'NON_STRING_KEY')
        return 'a key must be text';
    if (code === 'TAB_AS_INDENT')
        return 'tabs do not indent in YAML: use spaces';
    return `not YAML: ${(0,_domain_text_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .plain */ .pj)(message, 200)}`;
}
function contentTroubles(document) {
    if (document.errors.length > 0)
        return [];
    const troubles = [];
    (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .visit */ .YR)(document, {
        Scalar: (_, node) => void troubles.push(...foreignTag(node)),
        Seq: (_, node) => void troubles.push(...foreignTag(node)),
        Map: (_, map) => void troubles.push(...foreignTag(map), ...repeatedKeys(map), ...badMerges(document, map)),
        Alias: (_, node) => {
            if (node.resolve(document) === undefined)
                troubles.push({ at: startOf(node), text: `no anchor is called ${(0,_domain_text_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .plain */ .pj)(node.source, 60)} before this` });
        },
    });
    return troubles;
}
function foreignTag(node) {
    const allowed = node.tag === undefined || node.tag === 'tag:yaml.org,2002:str';
    return allowed ? [] : [{ at: startOf(node), text: `tags such as ${(0,_domain_text_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .plain */ .pj)(node.tag ?? '', 60)} are not allowed` }];
}
/** The parser's own check compares each key with each other: too slow for a hostile file. */
function repeatedKeys(map) {
    const seen = new Set();
    return map.items.flatMap(({ key }) => {
        const name = nameOf(key);
        const repeated = seen.has(name);
        seen.add(name);
        return repeated ? [{ at: startOf(key), text: `the key ${JSON.stringify((0,_domain_text_escape_js__WEBPACK_IMPORTED_MODULE_2__/* .plain */ .pj)(name, 60))} is here twice` }] : [];
    });
}
function badMerges(document, map) {
    const wrong = map.items.filter((pair) => isMerge(pair) && mergedMaps(document, pair).includes(undefined));
    return wrong.map(({ key }) => ({ at: startOf(key), text: '"<<" takes a map, or a list of maps' }));
}
function isMerge({ key }) {
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(key) && key.value === '<<' && key.type === 'PLAIN';
}
/** The maps that a merge key brings in; `undefined` in place of what is none. */
function mergedMaps(document, { value }) {
    const source = resolved(document, value);
    const sources = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isSeq */ .oP)(source) ? source.items.map((item) => resolved(document, item)) : [source];
    return sources.map((one) => ((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(one) ? one : undefined));
}
function resolved(document, node) {
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isAlias */ .Vj)(node) ? node.resolve(document) : node;
}
function plainData(path, document) {
    try {
        return document.toJS({ maxAliasCount: mostAliases });
    }
    catch (error) {
        throw new _domain_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('CONFIG_INVALID', `${path}:1:1: the aliases of the file expand into too much.`, { cause: error });
    }
}
function placeOf({ document, lines, text }, { path, where, ahead }) {
    let [key, value] = [undefined, document.contents];
    for (const part of path) {
        const node = resolved(document, value);
        const pair = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isMap */ .jh)(node) ? pairOf(document, node, String(part)) : undefined;
        [key, value] =
            (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isSeq */ .oP)(node) && typeof part === 'number' ? [undefined, node.items[part]] : [pair?.key, pair?.value ?? pair?.key];
        if (value === undefined)
            return undefined;
    }
    const node = where === 'key' ? (key ?? value) : value;
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(node) ? position(lines, startOf(node) + inside(text, node, ahead)) : undefined;
}
/** Characters from the start of a scalar to `ahead` in its text; none where quotes, escapes or folding make them differ. */
function inside(text, node, ahead) {
    const [start, end] = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) ? (node.range ?? [0, 0]) : [0, 0];
    const written = text.slice(start, end);
    const value = (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(node) ? String(node.value) : '';
    const at = written.indexOf(value);
    return ahead > 0 && (at === 0 || at === 1) ? at + ahead : 0;
}
/** A key of the map itself, or of one that is merged into it. */
function pairOf(document, map, name) {
    const own = map.items.find((pair) => nameOf(pair.key) === name && !isMerge(pair));
    if (own !== undefined)
        return own;
    const merged = map.items.filter(isMerge).flatMap((pair) => mergedMaps(document, pair));
    return merged
        .map((source) => (source === undefined ? undefined : source.items.find((pair) => nameOf(pair.key) === name)))
        .find((pair) => pair !== undefined);
}
function nameOf(key) {
    return String((0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isScalar */ .jn)(key) ? key.value : key);
}
function startOf(node) {
    return (0,yaml__WEBPACK_IMPORTED_MODULE_0__/* .isNode */ .Ll)(node) ? (node.range?.[0] ?? 0) : 0;
}
function position(lines, at) {
    const { line, col } = lines.linePos(at);
    return { line: Math.max(1, line), column: Math.max(1, col) };
}
function asOne(path, troubles, lines) {
    const sorted = troubles.toSorted((one, other) => one.at - other.at).slice(0, mostTroubles);
    const failures = sorted.map(({ at, text }) => {
        const { line, column } = position(lines, at);
        return new _domain_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .Failure */ .HR('CONFIG_INVALID', `${path}:${line}:${column}: ${text}`);
    });
    return (0,_domain_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .together */ .bs)('CONFIG_INVALID', `${path}: ${troubles.length} faults in the text of the configuration.`, failures);
}


/***/ })

};
;