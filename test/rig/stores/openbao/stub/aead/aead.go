// Package aead stands in for a module of which Go's checksum database has no record: the same types live in its base module.
package aead

import "github.com/openbao/go-kms-wrapping/v2/aead"

type (
	Wrapper       = aead.Wrapper
	ShamirWrapper = aead.ShamirWrapper
)

func NewWrapper() *Wrapper             { return aead.NewWrapper() }
func NewShamirWrapper() *ShamirWrapper { return aead.NewShamirWrapper() }
