/** Vendors' prices are in dollars. Declared, not measured: about the ECB's reference rate of autumn 2026, 1 EUR = 1.16 USD. */
export const EUR_PER_USD = 0.86;
