import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { findExecutable } from './paths.mjs';

const living = new Set();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

let guard;

/** `setpriv` lets the kernel end a child whose parent was killed; where it is missing, nothing replaces it. */
function orphanGuard() {
  if (guard === undefined) {
    const tool = process.platform === 'linux' ? findExecutable('setpriv', ['/usr/bin', '/bin']) : undefined;
    guard = tool === undefined ? [] : [tool, '--pdeathsig', 'SIGTERM', '--'];
  }
  return guard;
}

const rotateAtBytes = 20_000_000;

/** Opens a log to add to; one that has grown past 20 MB is first set aside under `.1`. */
function openLog(file) {
  mkdirSync(dirname(file), { recursive: true });
  try {
    if (statSync(file).size > rotateAtBytes) renameSync(file, `${file}.1`);
  } catch {
    // There is no log yet.
  }
  return openSync(file, 'a');
}

/**
 * Starts a program whose output goes to a file. It is in its own process group, so that Ctrl-C reaches only the script
 * that started it, which then stops its children in order; if that script is killed, the kernel ends the child.
 */
export function spawnLogged({ command, args, logFile, env = process.env, cwd }) {
  const [program, ...rest] = [...orphanGuard(), command, ...args];
  const log = openLog(logFile);
  let child;
  try {
    child = spawn(program, rest, { cwd, env, detached: true, stdio: ['ignore', log, log] });
  } finally {
    closeSync(log);
  }
  living.add(child);
  const exited = new Promise((resolve) => {
    child.once('error', (error) => {
      living.delete(child);
      resolve({ code: null, signal: null, error });
    });
    child.once('exit', (code, signal) => {
      living.delete(child);
      resolve({ code, signal });
    });
  });
  return { child, exited };
}

/** Asks a child to end with SIGTERM; after `graceMs` it is killed. Resolves when it is gone. */
export async function endChild({ child, exited }, graceMs = 10_000) {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(timer);
}

/** Runs a program to its end and hands back what it wrote (stdout and stderr, at most the last 64 kB). */
export function runToEnd(command, args, { env = process.env, cwd, onText } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    living.add(child);
    let text = '';
    const take = (part) => {
      text = (text + part).slice(-65_536);
      onText?.(String(part));
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', (error) => {
      living.delete(child);
      resolve({ code: 127, text: `${text}${error.message}` });
    });
    child.once('close', (code, signal) => {
      living.delete(child);
      resolve({ code: code ?? (signal === null ? 1 : 128), text });
    });
  });
}

/** Runs a program on this terminal and hands on its exit code; signals to this process go on to it. */
export function runHere(command, args, { env = process.env, cwd, stdio = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio });
    living.add(child);
    const hand = (signal) => child.kill(signal);
    // A terminal sends Ctrl-C to the child as well; sent by another program it reaches only this process.
    const wait = (signal) => {
      if (!process.stdin.isTTY) child.kill(signal);
    };
    process.on('SIGTERM', hand);
    process.on('SIGINT', wait);
    const done = () => {
      living.delete(child);
      process.off('SIGTERM', hand);
      process.off('SIGINT', wait);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      done();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
