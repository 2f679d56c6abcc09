/** A path as in JSON: `land.phases[1].mu`. Odd keys are shortened and their unprintable characters replaced. */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const key = String(step)
      .slice(0, 64)
      .replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, '?');
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** The value at a path of a parsed body; undefined where there is none. */
export function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (typeof value !== 'object' || value === null) return undefined;
    return Object.getOwnPropertyDescriptor(value, step)?.value;
  }, body);
}
