import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './paths.mjs';

const FOLDER = join(root, 'src/matching/robustness/kernel');
const SOURCE = 'rank-counts.ts';

/** Where the compiled kernel stands, as a module of TypeScript. */
export const KERNEL_FILE = join(FOLDER, 'rank-counts-code.ts');

/**
 * Compiles the kernel.
 * @returns {Promise<string>} the text of `KERNEL_FILE`.
 * @throws Error with what the compiler says.
 */
export async function compileKernel() {
  const source = readFileSync(join(FOLDER, 'assembly', SOURCE), 'utf8');
  let code = null;
  const { error, stderr } = await asc.main(
    [
      SOURCE,
      '--outFile',
      'kernel.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--noAssert',
      '--importMemory',
    ],
    {
      readFile: (name) => (name === SOURCE ? source : null),
      writeFile: (name, contents) => {
        if (name === 'kernel.wasm') code = Buffer.from(contents).toString('base64');
      },
      listFiles: () => [],
    },
  );
  if (error !== null || code === null) throw new Error(`kernel: ${error?.message ?? 'nothing written'}\n${stderr}`);
  const lines = code.match(/.{1,112}/g) ?? [];
  return [
    '/** WebAssembly of `assembly/rank-counts.ts` in base64, made by `npm run kernel`. */',
    'export const RANK_COUNTS_CODE = [',
    ...lines.map((line) => `  '${line}',`),
    "].join('');",
    '',
  ].join('\n');
}
