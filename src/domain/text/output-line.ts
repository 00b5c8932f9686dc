/** Characters that are kept of one line that a program prints; what comes behind them is cut off where it comes in. */
export const outputLineLimit = 16 * 1024;
