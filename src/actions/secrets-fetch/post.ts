/** Main has opened nothing, so there is nothing to close. */
export {};
