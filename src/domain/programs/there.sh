# Starting processes is the main cost of a step on the server: with this, nothing is removed or created unless it must
# be.
there() { [ -e "$1" ] || [ -L "$1" ]; }
