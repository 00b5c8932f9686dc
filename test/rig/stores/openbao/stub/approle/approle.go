// Package approle stands in for a client module that only the tests of OpenBao import; the auth method itself is in the server.
package approle
