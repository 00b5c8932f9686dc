// The real OpenBao, built from its Go module: the command line of `bao`.
package main

import (
	"os"

	"github.com/openbao/openbao/command"
)

func main() { os.Exit(command.Run(os.Args[1:])) }
