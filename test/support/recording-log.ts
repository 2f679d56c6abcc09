import type { Log } from '../../src/ports/log.js';

/** One line as it was logged. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A log that keeps its lines in memory, so that tests can say what was logged and what never was. */
export function recordingLog(): { readonly log: Log; readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const make = (bindings: Readonly<Record<string, unknown>>): Log => {
    const at =
      (level: LoggedLine['level']) =>
      (fields: Readonly<Record<string, unknown>>, message: string): void => {
        lines.push({ level, fields: { ...bindings, ...fields }, message });
      };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => make({ ...bindings, ...fields }),
    };
  };
  return { log: make({}), lines };
}
