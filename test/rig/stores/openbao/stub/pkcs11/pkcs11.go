// Package pkcs11 stands in for a module of which Go's checksum database has no record: this build refuses its kind of seal.
package pkcs11

import (
	"context"
	"errors"

	wrapping "github.com/openbao/go-kms-wrapping/v2"
)

type Wrapper struct{ wrapping.Wrapper }

func NewWrapper() *Wrapper { return &Wrapper{} }

func (*Wrapper) SetConfig(context.Context, ...wrapping.Option) (*wrapping.WrapperConfig, error) {
	return nil, errors.New("the seal pkcs11 is not in this build")
}
