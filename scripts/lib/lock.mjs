import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SetupError } from './errors.mjs';

/** When the kernel started this process (clock ticks since boot), to tell a reused pid apart; undefined off Linux. */
export function startTicks(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : fields[19];
  } catch {
    return undefined;
  }
}

/** Whether the process a note speaks of is still the one that runs under that pid. */
export function isAlive({ pid, ticks }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const now = startTicks(pid);
  return now === undefined || ticks === undefined || now === ticks;
}

/** What a lock file says, or undefined when it is gone or was never finished. */
export function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock `file` for this process, or says who holds it. A lock whose holder is dead is taken over.
 * The note appears whole or not at all: it is written beside the lock and linked into place.
 * @param {string} file
 * @param {object} [note] told to whoever finds the lock taken
 */
export function tryLock(file, note = {}) {
  mkdirSync(dirname(file), { recursive: true });
  const own = { pid: process.pid, ticks: startTicks(process.pid), id: randomBytes(6).toString('hex'), ...note };
  const draft = `${file}.${own.id}`;
  let left;
  writeFileSync(draft, JSON.stringify(own));
  try {
    for (let attempt = 0; attempt < 50; attempt++) {
      try {
        linkSync(draft, file);
        return { lock: handle(file, own), left };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = readLock(file);
      if (holder === undefined) continue;
      if (isAlive(holder)) return { holder };
      if (moveAway(file, holder, `${draft}.left`)) left = holder;
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new SetupError(`无法取得锁 ${file} (could not take this lock; remove the file if no copy runs)`);
}

/** Removes a dead holder's lock unless another process took it over in between. */
function moveAway(file, holder, aside) {
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  const moved = readLock(aside);
  const stale = moved?.id === holder.id;
  if (!stale) {
    try {
      linkSync(aside, file);
    } catch {
      // Someone locked meanwhile: the note put aside is not needed.
    }
  }
  rmSync(aside, { force: true });
  return stale;
}

function handle(file, own) {
  const release = () => {
    process.off('exit', release);
    if (readLock(file)?.id === own.id) rmSync(file, { force: true });
  };
  process.on('exit', release);
  return {
    /** Adds to what others read in the lock. */
    note(more) {
      Object.assign(own, more);
      writeFileSync(`${file}.${own.id}`, JSON.stringify(own));
      renameSync(`${file}.${own.id}`, file);
    },
    release,
  };
}

/** Runs `work` while holding `file`; waits as long as another living process holds it. */
export async function withLock(file, work, { onWait } = {}) {
  let told = false;
  for (;;) {
    const { lock, holder } = tryLock(file);
    if (lock !== undefined) {
      try {
        return await work();
      } finally {
        lock.release();
      }
    }
    if (!told) onWait?.(`等待另一个进程 ${holder.pid} 完成 (waiting for process ${holder.pid})`);
    told = true;
    await sleep(150);
  }
}
