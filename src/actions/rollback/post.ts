// Main opens nothing, so there is nothing to close.
export {};
