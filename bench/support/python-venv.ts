import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 300_000;

/** What kept the packages away, in a line. */
function lastLine(error: unknown): string {
  const text = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  return (text.trim().split('\n').at(-1) ?? '') || (error instanceof Error ? error.message : String(error));
}

/**
 * Python with the packages of a requirements file in a virtual environment of its own, made on first use and again when
 * the file changes.
 * @returns the interpreter, or why there is none.
 */
export async function pythonWith(
  requirements: string,
  folder: string,
): Promise<{ readonly python: string } | { readonly missing: string }> {
  const python = path.join(folder, 'bin', 'python');
  const stamp = path.join(folder, 'installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { python };
  try {
    await run('python3', ['--version']);
  } catch {
    return { missing: '没有 python3 no python3' };
  }
  try {
    rmSync(folder, { recursive: true, force: true });
    await run('python3', ['-m', 'venv', folder], { timeout: INSTALL_MS });
    await run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], {
      timeout: INSTALL_MS,
    });
    writeFileSync(stamp, wanted);
    return { python };
  } catch (error) {
    return { missing: `装不上 Python 包 Python packages can't be had: ${lastLine(error)}` };
  }
}
