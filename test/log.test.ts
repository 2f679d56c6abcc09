import { describe, expect, it } from 'vitest';
import { AppError } from '../src/domain/errors.js';
import { createLog } from '../src/log.js';

function logged(write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const log = createLog({ level: 'info', process: 'test', destination: { write: (line) => lines.push(line) } });
  write(log);
  return lines.map((line) => JSON.parse(line));
}

const SECRET = '某某精密材料公司';

describe('log', () => {
  it('writes one JSON line an entry, with the process, the fields and those of its parents', () => {
    const [line] = logged((log) => log.child({ requestId: 'r1' }).info({ needId: 'need_1' }, 'stored'));
    expect(line).toMatchObject({ process: 'test', requestId: 'r1', needId: 'need_1', msg: 'stored', level: 30 });
    expect(line?.['time']).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/);
  });

  it('leaves out what is below its level', () => {
    expect(logged((log) => log.debug({}, 'detail'))).toEqual([]);
  });

  it.each([
    { firm: { name: SECRET } },
    { need: { firm: { name: SECRET } } },
    { title: SECRET },
    { request: { body: SECRET } },
    { stored: { need: { description: SECRET } } },
    { a: { b: { c: { creditCode: SECRET } } } },
  ])("takes a firm's data out of %j", (fields) => {
    const lines = logged((log) => log.child(fields).warn(fields, 'x'));
    expect(JSON.stringify(lines)).not.toContain(SECRET);
    expect(lines).toHaveLength(1);
  });

  it('writes where an error came from, and not its message or that of its cause', () => {
    const cause = new SyntaxError(`Unexpected token in {"name":"${SECRET}"}`);
    const [line] = logged((log) => log.error({ err: new AppError('internal', { params: { step: 2 }, cause }) }, 'x'));
    expect(JSON.stringify(line)).not.toContain(SECRET);
    expect(line?.['err']).toMatchObject({
      type: 'AppError',
      code: 'internal',
      params: { step: 2 },
      stack: expect.stringContaining('log.test'),
      cause: { type: 'SyntaxError' },
    });
  });

  it.each([[`${SECRET}`], [null], [{ name: SECRET }]])('survives %j thrown as an error', (thrown) => {
    const lines = logged((log) => log.error({ err: thrown }, 'x'));
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });
});
