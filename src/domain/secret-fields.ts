/**
 * True for the fields of a need whose values are a firm's secret, and for passwords: answers and messages name them,
 * but never show what they hold.
 * @param field path as in JSON, e.g. `firm.name`
 */
export function isSecretField(field: string): boolean {
  return /^(firm|title|description|password|currentPassword|newPassword)($|[.[])/.test(field);
}
