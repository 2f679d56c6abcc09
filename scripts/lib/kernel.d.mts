/** Where the compiled kernel stands, as a module of TypeScript. */
export const KERNEL_FILE: string;
/** Compiles the kernel: the text of `KERNEL_FILE`. @throws Error with what the compiler says. */
export function compileKernel(): Promise<string>;
