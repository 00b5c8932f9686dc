"use strict";
exports.id = 426;
exports.ids = [426];
exports.modules = {

/***/ 6426:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   vaultConfig: () => (/* binding */ vaultConfig)
/* harmony export */ });
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


/***/ })

};
;