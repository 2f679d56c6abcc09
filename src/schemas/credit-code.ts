const DIGITS = '0123456789ABCDEFGHJKLMNPQRTUWXY';

/**
 * True for a unified social credit code (统一社会信用代码) whose check character is right.
 * GB 32100-2015: 18 characters without I, O, S, V, Z; the sum of the first 17 values, each times 3^i modulo 31, and the
 * check value add up to a multiple of 31.
 * @param code upper case
 */
export function isCreditCode(code: string): boolean {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(code)) return false;
  let sum = 0;
  let weight = 1;
  for (const char of code.slice(0, 17)) {
    sum += DIGITS.indexOf(char) * weight;
    weight = (weight * 3) % 31;
  }
  return DIGITS[(31 - (sum % 31)) % 31] === code[17];
}
