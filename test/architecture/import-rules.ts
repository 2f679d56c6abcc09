import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';

/** The folder of package.json. */
export const root = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

const config: IConfiguration = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs'));

/** One room of the table: its name, and the pattern its modules' paths have. */
export interface Room {
  readonly name: string;
  readonly pattern: RegExp;
}

/** The rooms that `.dependency-cruiser.cjs` names. */
export const rooms: readonly Room[] = (config.forbidden ?? []).flatMap(({ name, from }) =>
  name?.startsWith('room ') === true && typeof from.path === 'string'
    ? [{ name: name.slice('room '.length), pattern: new RegExp(from.path) }]
    : [],
);

/** Holds the modules of some folders against the rules of `.dependency-cruiser.cjs`. */
export async function cruiseFolders(baseDir: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { forbidden = [], options = {} } = config;
  const { output } = await cruise([...folders], { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  if (typeof output === 'string') throw new TypeError('the cruise gave text instead of a result');
  return output;
}
