import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** A fault the reader can do something about: the message says what happened and what to try. No stack is shown. */
export class SetupError extends Error {
  /**
   * @param {string} message
   * @param {{ code?: string, holder?: object }} [details]
   */
  constructor(message, details = {}) {
    super(message);
    this.name = 'SetupError';
    this.code = details.code ?? 'SETUP';
    this.holder = details.holder;
  }
}

/** The last lines of a log file, at most 16 KB of it; empty if there is none. */
export function tailOf(file, lines = 12) {
  let handle;
  try {
    handle = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const size = fstatSync(handle).size;
    const length = Math.min(size, 16_384);
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, size - length);
    const text = buffer.toString('utf8').trimEnd();
    return text === '' ? [] : text.split('\n').slice(-lines);
  } finally {
    closeSync(handle);
  }
}

const causes = [
  [
    'port',
    /address already in use|failed listening on port|SocketException: .*in use/i,
    '端口被占用：另一个程序正在使用它 (the port is taken by another program)',
  ],
  [
    'locked',
    /file is locked|lock file|DBPathInUse|already locked/i,
    '数据目录正被另一个进程使用 (another process uses this data folder; stop it or set another DATA_DIR)',
  ],
  [
    'permission',
    /permission denied|read-only file system|AccessDenied|EACCES|EROFS|could not open file|Can't chdir/i,
    '数据目录不可写 (the data folder cannot be written by this user)',
  ],
  [
    'java',
    /UnsupportedClassVersionError|Unrecognized (VM )?option/i,
    'Java 版本过低：需要 17 或更高 (this Java is too old; 17 or newer is needed)',
  ],
  [
    'memory',
    /OutOfMemory|Cannot allocate memory|Could not reserve enough space/i,
    '内存不足 (not enough memory for the server)',
  ],
  ['space', /No space left on device|ENOSPC|disk quota/i, '磁盘已满 (the disk is full)'],
  [
    'damaged',
    /file is corrupt|Bad file format|Unexpected end of file|Bad magic|not a valid|File corrupted/i,
    '数据文件损坏 (a data file is damaged; move the folder away to begin anew)',
  ],
  [
    'library',
    /error while loading shared libraries|NoClassDefFoundError|ClassNotFoundException/i,
    '程序文件不完整 (program files are missing)',
  ],
];

/** What most likely kept a server from starting, told by the last lines of its log. */
export function likelyCause(lines) {
  const text = lines.join('\n');
  for (const [code, pattern, words] of causes) {
    if (pattern.test(text)) return { code, words };
  }
  return { code: 'unknown', words: '原因不明，请看日志 (cause unknown; see the log)' };
}
