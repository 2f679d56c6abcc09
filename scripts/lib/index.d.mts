/** What a step did, in a few words; nothing when there was nothing to do. */
export interface StepResult<T = undefined> {
  readonly value?: T;
  readonly words?: string;
}

export interface StepOptions {
  /** Told when something that takes long begins. */
  readonly note?: (words: string) => void;
}

/** A fault the reader can do something about; `code` names the likely cause (`port`, `locked`, `permission`, ...). */
export class SetupError extends Error {
  constructor(message: string, details?: { code?: string; holder?: LockNote });
  readonly code: string;
  readonly holder: LockNote | undefined;
}

/** A server or process as others see it. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  /** Sends a signal, by default SIGKILL, and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** SIGTERM, then SIGKILL after 10 s. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Where its data live; made if missing. Start again on the same `dir` and `port` after a kill. */
  readonly dir: string;
  /** On 127.0.0.1; a free one when absent. */
  readonly port?: number;
  readonly logFile?: string;
  /** Start it again when it ends by itself. */
  readonly supervise?: boolean;
  readonly onLine?: (line: string) => void;
}

/** Starts redis-server (append-only file, noeviction). Resolves when it answers PING. */
export function startRedis(options: ServerOptions & { readonly fsync?: 'everysec' | 'always' }): Promise<RunningServer>;
/** Starts mongod if it is on PATH, else the embedded server. Resolves when it answers ping. */
export function startMongo(options: ServerOptions): Promise<RunningServer>;

export interface Services {
  readonly mongoUri: string;
  readonly redisUrl: string;
  readonly embedded: { readonly mongo: boolean; readonly redis: boolean };
  readonly servers: { readonly mongo?: RunningServer; readonly redis?: RunningServer };
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export interface ServicesOptions {
  readonly dataDir: string;
  readonly logDir?: string;
  readonly onLine?: (line: string) => void;
  readonly supervise?: boolean;
  readonly purpose?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Starts the servers that the environment does not name and locks the data folder; SetupError `locked` if it is in use. */
export function startServices(options: ServicesOptions): Promise<Services>;

export interface ChildProcess {
  readonly name: string;
  readonly logFile: string;
  readonly pid: number;
  readonly firstExit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal?: NodeJS.Signals): void;
  stop(graceMs?: number): Promise<void>;
}

/** Runs a Node script as a child with its output in `logFile`; with `restart`, starts it again when it ends by itself. */
export function runProcess(options: {
  readonly name: string;
  readonly script: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly logFile: string;
  readonly restart?: boolean;
  readonly onLine?: (line: string) => void;
}): ChildProcess;

export interface App {
  readonly url: string;
  readonly port: number;
  readonly api: ChildProcess;
  readonly worker: ChildProcess;
  readonly rematching: ChildProcess;
  readonly delivering: ChildProcess;
  stop(): Promise<void>;
}

/** Starts the compiled API and worker processes and waits until `/readyz` answers 200. `env` names the servers. */
export function startApp(options: {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dataDir: string;
  readonly logDir?: string;
  readonly port: number;
  readonly restart?: boolean;
  readonly onLine?: (line: string) => void;
}): Promise<App>;

export interface LockNote {
  readonly pid: number;
  readonly ticks?: string;
  readonly purpose?: string;
  readonly mongoUri?: string;
  readonly redisUrl?: string;
  readonly children?: readonly { readonly pid: number; readonly ticks?: string }[];
}

export interface Lock {
  note(more: Readonly<Record<string, unknown>>): void;
  release(): void;
}

/** Takes a lock file for this process, or says who holds it; a dead holder's lock is taken over (`left` is its note). */
export function tryLock(
  file: string,
  note?: Readonly<Record<string, unknown>>,
): { readonly lock?: Lock; readonly holder?: LockNote; readonly left?: LockNote };
export function readLock(file: string): LockNote | undefined;
export function isAlive(process: { readonly pid: number; readonly ticks?: string }): boolean;
/** Runs `work` while holding the lock; waits as long as another living process holds it. */
export function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options?: { readonly onWait?: (words: string) => void },
): Promise<T>;

export function ensurePackages(options?: StepOptions): Promise<StepResult>;
/** Finds the programs the servers need, or installs them (`mayInstall`: by default on Debian as root) with apt-get. */
export function ensureTools(
  options?: StepOptions & {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly mayInstall?: boolean;
  },
): Promise<StepResult>;
export function ensureMongoServer(
  options?: StepOptions,
): Promise<StepResult<{ kind: 'mongod' | 'embedded'; program: string; jar?: string }>>;
export function ensureBuild(options?: StepOptions): Promise<StepResult>;
/** Makes the first coordinator or the demo's accounts; gives what is to be shown on the terminal, and nowhere else. */
export function accounts(which: 'first' | 'demo', env: Readonly<Record<string, string | undefined>>): Promise<string>;
/** Loads the reference data with the compiled `seed` command. */
export function seed(env: Readonly<Record<string, string | undefined>>): Promise<StepResult>;

export function freePort(): Promise<number>;
export function isPortFree(port: number, host?: string): Promise<boolean>;
export function checkPort(port: number): Promise<void>;
export function portOf(env: Readonly<Record<string, string | undefined>>, fallback: number): number;
export function pingRedis(port: number): Promise<boolean>;
export function pingMongo(port: number): Promise<boolean>;
export function likelyCause(lines: readonly string[]): { readonly code: string; readonly words: string };
export function tailOf(file: string, lines?: number): string[];

/** The folder that holds package.json. */
export const root: string;
export function dataDirOf(env?: Readonly<Record<string, string | undefined>>): string;
