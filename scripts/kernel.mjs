// npm run kernel: compiles the kernel of the engine, after its source was changed. A test tells where that was forgotten.
import { writeFileSync } from 'node:fs';
import { compileKernel, KERNEL_FILE } from './lib/kernel.mjs';

writeFileSync(KERNEL_FILE, await compileKernel());
process.stdout.write(`${KERNEL_FILE}\n`);
